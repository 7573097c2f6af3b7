import type { Variant } from '@dsd-lab/experiments/schema'
import type { SymbolType } from '@observablehq/plot'
import type { RunPage } from '../page-data.ts'
import { representatives } from '../run/representatives.ts'

/** How a variant looks in every figure: one hue and one symbol an arm, one dash pattern a variant of it. */
export interface VariantStyle {
  readonly colour: string
  readonly symbol: SymbolType
  readonly dash: string
}

const symbols = ['square', 'circle', 'triangle', 'diamond', 'star', 'wye'] as const
const dashes = ['none', '7 3', '2 3', '9 3 2 3', '1 5'] as const

/** Hue and symbol of the n-th arm that speculates. */
export const armStyle = (arm: number): Pick<VariantStyle, 'colour' | 'symbol'> => ({
  colour: `var(--arm-${(arm % symbols.length) + 1})`,
  symbol: symbols[arm % symbols.length] ?? 'circle',
})

export type VariantStyles = ReadonlyMap<string, VariantStyle>

/** Autoregressive decoding is grey, the reference; the other arms take the palette in the order of the experiment. */
export function variantStyles({ manifest }: RunPage): VariantStyles {
  const solid = new Set(representatives(manifest).map(({ id }) => id))
  const arms = [
    ...new Set(manifest.variants.filter((variant) => variant.decode === 'speculative').map(({ arm }) => arm)),
  ]
  return new Map(
    manifest.variants.map((variant) => {
      const swept = manifest.variants.filter(({ id, arm }) => arm === variant.arm && !solid.has(id))
      const dash = dashes[(swept.indexOf(variant) + 1) % dashes.length] ?? 'none'
      const arm = arms.indexOf(variant.arm)
      if (arm < 0) return [variant.id, { colour: 'var(--arm-reference)', symbol: 'cross', dash } satisfies VariantStyle]
      return [variant.id, { ...armStyle(arm), dash }]
    }),
  )
}

/** The style of a variant; grey for one that the manifest does not name. */
export const styleOf = (styles: VariantStyles, { id }: Pick<Variant, 'id'>): VariantStyle =>
  styles.get(id) ?? { colour: 'var(--arm-reference)', symbol: 'cross', dash: 'none' }
