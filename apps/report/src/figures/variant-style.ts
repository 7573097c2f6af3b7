import type { Manifest, Variant } from '@dsd-lab/experiments/schema'
import type { SymbolType } from '@observablehq/plot'
import { representatives } from '../run/representatives.ts'

/** How a variant looks in every figure: one hue and one symbol an arm, one dash pattern a variant of it. */
export interface VariantStyle extends PointStyle {
  readonly dash: string
}

export interface PointStyle {
  readonly colour: string
  readonly symbol: SymbolType
  /** Only the outline of the symbol. */
  readonly hollow: boolean
}

/** Of plain decoding, and of what is not named. */
const reference = { colour: 'var(--arm-reference)', symbol: 'cross', hollow: false } satisfies PointStyle

const symbols = ['square', 'circle', 'triangle', 'diamond', 'star', 'wye'] as const
const dashes = ['none', '7 3', '2 3', '9 3 2 3', '1 5'] as const
const controlDashes = ['1 3', '1 3 5 3', '1 6', '4 2 1 2', '1 2 1 6'] as const

/** Hue and symbol of the n-th arm that speculates. */
const armStyle = (arm: number): PointStyle => ({
  colour: `var(--arm-${(arm % symbols.length) + 1})`,
  symbol: symbols[arm % symbols.length] ?? 'circle',
  hollow: false,
})

/** Options of the dots of a style. */
export const dotStyle = ({ colour, symbol, hollow }: PointStyle) => ({
  symbol,
  fill: hollow ? 'var(--paper)' : colour,
  stroke: hollow ? colour : 'var(--paper)',
  strokeWidth: hollow ? 1.5 : 1,
})

export type VariantStyles = ReadonlyMap<string, VariantStyle>

/**
 * Autoregressive decoding is grey, the reference; the other arms take the palette in the order of the experiment. A control looks as the
 * variant that it controls, hollow and dotted.
 */
export function variantStyles({
  manifest,
}: {
  readonly manifest: Pick<Manifest, 'variants' | 'conditions'>
}): VariantStyles {
  const { variants } = manifest
  const solid = new Set(representatives(manifest).map(({ id }) => id))
  const controlledBy = ({ controls }: Variant): Variant | undefined => variants.find(({ id }) => id === controls)
  const own = variants.filter((variant) => variant.decode === 'speculative' && controlledBy(variant) === undefined)
  const arms = [...new Set(own.map(({ arm }) => arm))]
  return new Map(
    variants.map((variant): [string, VariantStyle] => {
      const swept = variants.filter(({ id, arm }) => arm === variant.arm && !solid.has(id))
      const controlled = controlledBy(variant)
      const patterns = controlled === undefined ? dashes : controlDashes
      const dash = patterns[(swept.indexOf(variant) + 1) % patterns.length] ?? 'none'
      const arm = arms.indexOf((controlled ?? variant).arm)
      if (arm < 0) return [variant.id, { ...reference, dash }]
      return [variant.id, { ...armStyle(arm), hollow: controlled !== undefined, dash }]
    }),
  )
}

/** The style of a variant; grey for one that the manifest does not name. */
export const styleOf = (styles: VariantStyles, { id }: Pick<Variant, 'id'>): VariantStyle =>
  styles.get(id) ?? { ...reference, dash: 'none' }
