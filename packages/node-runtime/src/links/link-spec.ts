import { DsdError, type LinkModel, suggestName, unknownKey } from '@dsd-lab/core'
import { z } from 'zod'
import { type LinkChoice, linkProfiles } from './profiles.ts'

const amount = z.number({ error: ({ input }) => (input === undefined ? 'is missing' : 'is not a number') })
const FIELDS = ['latencyMs', 'jitterMs', 'bandwidthMbps', 'loss'] as const satisfies readonly (keyof LinkModel)[]
const profileNames = Object.keys(linkProfiles).join(', ')

export const linkSpecSchema = z
  .strictObject(
    {
      latencyMs: amount.min(0, 'is below zero').max(60_000, 'is above a minute'),
      jitterMs: amount.min(0, 'is below zero').exactOptional(),
      bandwidthMbps: amount.positive('is not above zero').exactOptional(),
      loss: amount.min(0, 'is below zero').max(0.5, 'is above one half').exactOptional(),
    },
    {
      error: (issue) =>
        issue.code === 'unrecognized_keys'
          ? `has no field ${issue.keys?.join(', ')}`
          : 'is neither a name nor an object',
    },
  )
  .refine(({ latencyMs, jitterMs = 0 }) => jitterMs <= latencyMs, {
    path: ['jitterMs'],
    error: 'is above the latency',
  })

/**
 * A link by profile name or by numbers, checked.
 *
 * @param where path of the value in what the user wrote, for the error line. Default `link`.
 * @throws DsdError `bad-input`: unknown profile, a field out of its range, an unknown field, jitter above the latency.
 */
export function parseLink(choice: unknown, where = 'link'): LinkModel {
  if (typeof choice === 'string') return profile(choice, where)
  const parsed = linkSpecSchema.safeParse(choice)
  if (parsed.success) return parsed.data
  const unknown = unknownKey(parsed.error)
  if (unknown !== undefined) {
    throw new DsdError('is unknown', {
      kind: 'bad-input',
      where: `${where}.${unknown}`,
      fix: suggestName(unknown, FIELDS),
    })
  }
  const [issue] = parsed.error.issues
  throw new DsdError(issue?.message ?? 'is not a link', {
    kind: 'bad-input',
    where: [where, ...(issue?.path ?? [])].join('.'),
    fix: `give one of ${profileNames}, or { latencyMs, jitterMs, bandwidthMbps, loss }`,
  })
}

function profile(name: string, where: string): LinkModel {
  const found = Object.entries(linkProfiles).find(([known]) => known === name)
  if (found !== undefined) return found[1]
  throw new DsdError(`no link profile is called ${JSON.stringify(name)}`, {
    kind: 'bad-input',
    where,
    fix: `give one of ${profileNames}, or { latencyMs, jitterMs, bandwidthMbps, loss }`,
  })
}

/**
 * The links of a cluster: coordinator to head, head to next, ..., and last the return link from tail to coordinator.
 * One choice serves all; a list gives each its own. `[nodes + 1]`
 *
 * @throws DsdError `bad-input` as `parseLink`, and for a list of another length.
 */
export function parseLinks(choice: LinkChoice | readonly LinkChoice[], nodes: number): LinkModel[] {
  if (!isList(choice)) {
    const link = parseLink(choice, 'cluster.link')
    return Array.from({ length: nodes + 1 }, () => link)
  }
  if (choice.length === nodes + 1) return choice.map((one, index) => parseLink(one, `cluster.link[${index}]`))
  throw new DsdError(`${choice.length} links for ${nodes} nodes`, {
    kind: 'bad-input',
    where: 'cluster.link',
    fix: `give one link, or ${nodes + 1}: ${nodes} forward and the return link last`,
  })
}

function isList(choice: LinkChoice | readonly LinkChoice[]): choice is readonly LinkChoice[] {
  return Array.isArray(choice)
}
