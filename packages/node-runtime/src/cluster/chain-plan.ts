import type { LinkModel } from '@dsd-lab/core'
import { protocolError, type ShardIdentity } from '../shard/messages.ts'

/**
 * How far a node is from the coordinator for control frames: the return link's latency, but never farther than the chain
 * itself, and without noise, so that what opens a session reaches a node before the session's first window.
 */
export function controlLink(links: readonly LinkModel[], node: number): LinkModel {
  const chainMs = links.slice(0, node + 1).reduce((sum, { latencyMs }) => sum + latencyMs, 0)
  return { latencyMs: Math.min(links.at(-1)?.latencyMs ?? 0, chainMs) }
}

/** Names of the links in order: coordinator to head, ..., tail to coordinator. `[nodes + 1]` */
export function linkNames(nodes: number): string[] {
  const names = Array.from(
    { length: nodes },
    (_, node) => `${node === 0 ? 'coordinator' : `node ${node - 1}`} -> node ${node}`,
  )
  return [...names, `node ${nodes - 1} -> coordinator`]
}

/**
 * Holds the nodes against each other before anything is decoded.
 *
 * @throws DsdError `protocol` naming the node whose place, layers, model or engine does not fit its neighbours.
 */
export function refuseMisfits(identities: readonly ShardIdentity[]): void {
  const nodes = identities.length
  let layer = 0
  for (const [node, identity] of identities.entries()) {
    const where = `node ${node}`
    const first = identities[0] ?? identity
    const { from, to } = identity.layers
    if (identity.node !== node || identity.nodes !== nodes)
      throw protocolError(where, `was started as node ${identity.node} of ${identity.nodes}, not ${node} of ${nodes}`)
    if (from !== layer) throw protocolError(where, `holds layers ${from}:${to}, but layer ${layer} comes next`)
    if (identity.embeds !== (node === 0) || identity.tail !== (node === nodes - 1))
      throw protocolError(
        where,
        `layers ${from}:${to} do not make it ${node === 0 ? 'the head' : node === nodes - 1 ? 'the tail' : 'a middle node'}`,
      )
    if (identity.modelDigest !== first.modelDigest)
      throw protocolError(where, 'holds another model than node 0', 'give every node the same model files')
    if (profileOf(identity) !== profileOf(first))
      throw protocolError(
        where,
        `computes with ${profileOf(identity)}, node 0 with ${profileOf(first)}`,
        'give every node the same engine and --precision',
      )
    layer = to
  }
}

/** What computes, as one line: nodes that differ in it may differ in the last bits of a row. */
export function profileOf({ engine }: ShardIdentity): string {
  const versions = Object.entries(engine.versions).map(([name, version]) => `${name} ${version}`)
  return [engine.name, `precision ${engine.precision}`, ...versions.sort()].join(', ')
}
