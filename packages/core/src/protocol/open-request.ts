import { z } from 'zod'
import type { SessionRequest } from '../decoding/target.ts'
import { DsdError } from '../errors.ts'
import { LONGEST_TEXT_BYTES } from './frames/limits.ts'

const MOST = Number.MAX_SAFE_INTEGER

/** What every node must know of a session; JSON, since it travels once a session. */
const openSchema = z.object({
  modelDigest: z.string(),
  rule: z.looseObject({ name: z.string('has no name') }),
  sampling: z.object({
    temperature: z.number('is not a number').min(0, 'is below 0').max(2, 'is above 2'),
    topK: z.int('is not a whole number').positive('is below 1').exactOptional(),
    topP: z.number('is not a number').positive('is not above 0').max(1, 'is above 1').exactOptional(),
  }),
  seed: z.int(`is not a whole number from 0 to ${MOST}`).nonnegative(`is not a whole number from 0 to ${MOST}`),
  sequence: z.int('is not a whole number').nonnegative('is below 0').max(0xffffffff, 'is above 2^32 - 1'),
  eos: z.array(z.int().nonnegative()),
  maxLength: z.int().positive(),
  annotate: z.boolean(),
})

export type OpenRequest = z.infer<typeof openSchema>

/**
 * The OPEN section. Its bytes are the root of the digest chain, so both ends hash the very same.
 *
 * @throws DsdError `bad-input` naming the field that is out of range, or a rule whose parameters do not fit into a frame.
 */
export function encodeOpen(request: SessionRequest, modelDigest: string): Uint8Array {
  const { rule, sampling, seed, sequence, eos, maxLength, annotate = false } = request
  const open: OpenRequest = {
    modelDigest,
    rule: { ...rule },
    sampling,
    seed,
    sequence,
    eos: [...eos],
    maxLength,
    annotate,
  }
  const issue = openSchema.safeParse(open).error?.issues[0]
  if (issue !== undefined) throw new DsdError(issue.message, { kind: 'bad-input', where: issue.path.join('.') })
  const bytes = new TextEncoder().encode(JSON.stringify(open))
  if (bytes.length <= LONGEST_TEXT_BYTES) return bytes
  throw new DsdError(`${bytes.length} bytes for an opening of at most ${LONGEST_TEXT_BYTES}`, {
    kind: 'bad-input',
    where: `rule ${rule.name}`,
    fix: 'give the rule shorter parameters, for example fewer labels',
  })
}

/** What the opening of a session adds to its first window: the OPEN section and its length. */
export function openingBytes(request: SessionRequest, modelDigest: string): number {
  return 2 + encodeOpen(request, modelDigest).length
}

/** Undefined when the bytes are no OPEN section. */
export function decodeOpen(bytes: Uint8Array): OpenRequest | undefined {
  try {
    return openSchema.safeParse(JSON.parse(new TextDecoder().decode(bytes))).data
  } catch {
    return undefined
  }
}
