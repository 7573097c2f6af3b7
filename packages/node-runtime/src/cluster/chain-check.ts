import type { LinkModel } from '@dsd-lab/core'
import { type LinkCheck, type LinkSample, type MeasuredLink, measuredLink, measureLink } from '../links/link-check.ts'
import { linkNames } from './chain-plan.ts'
import type { HeadLink } from './head-link.ts'
import type { NodeConnection } from './node-connection.ts'

const PINGS = 7
/** About a window of 5 rows at a hidden size of 192. */
const PING_BYTES = 4096

export interface CheckedChain {
  /** As declared, return link last. `[nodes + 1]` */
  readonly links: readonly LinkModel[]
  readonly seed: number
  readonly head: HeadLink | undefined
  /** Head first. `[nodes]` */
  readonly nodes: readonly NodeConnection[]
}

/** Pings every emulated link, hops and return, and compares it with its declaration. `[nodes + 1]` */
export function checkChainLinks(chain: CheckedChain): Promise<LinkCheck[]> {
  const { links, seed, nodes } = chain
  const names = linkNames(nodes.length)
  return Promise.all(
    links.map((spec, place) =>
      measureLink({
        name: names[place] ?? '',
        spec,
        seed,
        place,
        payloadBytes: PING_BYTES,
        measure: () => measureAt(chain, place),
      }),
    ),
  )
}

/** Pings every link as it is, emulated or not. `[nodes + 1]` */
export function measureChainLinks(chain: CheckedChain): Promise<MeasuredLink[]> {
  const names = linkNames(chain.nodes.length)
  return Promise.all(names.map(async (name, place) => measuredLink(name, await measureAt(chain, place))))
}

/** Each link is measured by the node that sends on it, the first one by the coordinator. */
function measureAt({ head, nodes }: CheckedChain, place: number): Promise<readonly LinkSample[]> {
  if (place === 0) return head?.measure(PINGS, PING_BYTES) ?? Promise.resolve([])
  const to = place === nodes.length ? 'coordinator' : 'next'
  const request = { type: 'check-link', pings: PINGS, payloadBytes: PING_BYTES, to } as const
  return nodes[place - 1]?.measureLink(request) ?? Promise.resolve([])
}
