import type { Variant } from '@dsd-lab/experiments/schema'

/** What a caption adds where windows were chosen on the way: they differ from network to network, and are counted together. */
export function pooledNetworks(variants: readonly Variant[]): string {
  const chosen = variants.filter(({ window }) => window === 'auto').map(({ label }) => label)
  return chosen.length === 0 ? '' : ` Of ${chosen.join(', ')}: the windows of all networks together.`
}
