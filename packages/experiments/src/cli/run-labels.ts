import type { Condition, Variant } from '../store/schema.ts'

/** What a network may have beside nodes and latency, each as it is told. */
const TRAITS: readonly ((condition: Condition) => string)[] = [
  ({ link }) => `jitter ${link.jitterMs} ms`,
  ({ link: { bandwidthMbps } }) => (bandwidthMbps === undefined ? 'any bandwidth' : `${bandwidthMbps} Mbit/s`),
  ({ link }) => `loss ${link.loss}`,
  ({ compute: { baseMs, perRowMs } }) => `pass ${baseMs} + ${perRowMs} ms a row`,
  ({ compute }) => `draft ${compute.draftStepMs} ms`,
]

/** `4 nodes, 20 ms`, and whatever else tells it from the networks that it is among. */
export function networkLabel(condition: Condition, among: readonly Condition[] = []): string {
  const { nodes, link } = condition
  const alike = among.filter((other) => other.nodes === nodes && other.link.latencyMs === link.latencyMs)
  const telling = TRAITS.filter((trait) => alike.some((other) => trait(other) !== trait(condition)))
  const traits = telling.map((trait) => trait(condition))
  return [`${nodes} ${nodes === 1 ? 'node' : 'nodes'}`, `${link.latencyMs} ms`, ...traits].join(', ')
}

export function variantLabel(variants: readonly Variant[], id: string): string {
  return variants.find((variant) => variant.id === id)?.label ?? id
}

/** So many elements, evenly spread, first and last included. */
export function spread<T>(list: readonly T[], count: number): T[] {
  if (list.length <= count) return [...list]
  return Array.from(
    { length: count },
    (_, index) => list[Math.round((index * (list.length - 1)) / (count - 1))],
  ).filter((element) => element !== undefined)
}
