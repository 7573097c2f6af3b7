import type { Condition, Variant } from '../store/schema.ts'

/** `4 nodes, 20 ms` */
export function networkLabel({ nodes, link }: Condition): string {
  return `${nodes} ${nodes === 1 ? 'node' : 'nodes'}, ${link.latencyMs} ms`
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
