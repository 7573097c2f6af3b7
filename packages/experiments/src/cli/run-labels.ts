import type { Condition, Variant } from '../store/schema.ts'

/** `4 nodes, 20 ms` */
export function networkLabel({ nodes, link }: Condition): string {
  return `${nodes} ${nodes === 1 ? 'node' : 'nodes'}, ${link.latencyMs} ms`
}

export function variantLabel(variants: readonly Variant[], id: string): string {
  return variants.find((variant) => variant.id === id)?.label ?? id
}
