import { DsdError } from '../errors.ts'
import type { ComputeModel } from './compute.ts'
import type { LinkModel, NetworkModel } from './network.ts'

/** Refuses numbers that no network or node can have, and lists of the wrong length. */
export function checkCosts({
  network: { links },
  compute,
  nodes,
}: {
  readonly network: NetworkModel
  readonly compute: ComputeModel
  readonly nodes: number
}): void {
  for (const [place, link] of entriesOf(links, 'network.links', nodes + 1)) checkLink(place, link)
  for (const [place, { baseMs, perRowMs }] of entriesOf(compute, 'compute', nodes)) {
    check(baseMs >= 0 && perRowMs >= 0, place, `baseMs ${baseMs}, perRowMs ${perRowMs}`, 'give times of at least 0')
  }
}

function checkLink(place: string, { latencyMs, jitterMs = 0, bandwidthMbps = 1, loss = 0 }: LinkModel): void {
  check(latencyMs >= 0 && latencyMs <= 60_000, place, `latencyMs ${latencyMs}`, 'give 0 to 60000')
  check(jitterMs >= 0 && jitterMs <= latencyMs, place, `jitterMs ${jitterMs}`, `give 0 to the latency, ${latencyMs}`)
  check(bandwidthMbps > 0, place, `bandwidthMbps ${bandwidthMbps}`, 'give more than 0')
  check(loss >= 0 && loss <= 0.5, place, `loss ${loss}`, 'give 0 to 0.5')
}

function entriesOf<T extends object>(model: T | readonly T[], name: string, count: number): [string, T][] {
  if (!isList(model)) return [[name, model]]
  check(model.length === count, name, `${model.length} entries`, `give one, or ${count}`)
  return model.map((one, index) => [`${name}[${index}]`, one])
}

function isList<T extends object>(model: T | readonly T[]): model is readonly T[] {
  return Array.isArray(model)
}

function check(holds: boolean, where: string, what: string, fix: string): void {
  if (!holds) throw new DsdError(what, { kind: 'bad-input', where, fix })
}
