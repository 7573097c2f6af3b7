import type { Experiment } from './declaration-schema.ts'
import { hostAddress, isLoopback } from './host-address.ts'
import { badInput } from './mistake.ts'

/**
 * Checks what the fields of `live` say of each other.
 *
 * @throws DsdError `bad-input` naming the path of the first mistake and its cure.
 */
export function checkLive({ live }: Experiment): void {
  if (live === undefined) return
  const { nodes, links, host } = live
  if (nodes === undefined) {
    const without = links !== undefined ? 'links' : host !== undefined ? 'host' : undefined
    if (without === undefined) return
    throw badInput(`live.${without}`, 'is given without nodes', 'name running nodes in live.nodes, or leave it out')
  }
  const twice = nodes.findIndex((node, place) => nodes.indexOf(node) < place)
  if (twice >= 0) throw badInput(`live.nodes[${twice}]`, `${nodes[twice]} is given twice`, 'give every node once')
  const far = nodes.find((node) => !isLoopback(hostAddress(node)?.host ?? ''))
  if (far === undefined || host !== undefined) return
  throw badInput(
    'live.host',
    `is missing, and ${far} is another machine`,
    'give the address of this machine that the last node brings its verdicts to; a port is opened on it',
  )
}
