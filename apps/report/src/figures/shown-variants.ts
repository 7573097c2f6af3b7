import type { Variant } from '@dsd-lab/experiments/schema'
import type { RunPage } from '../page-data.ts'
import type { Selection } from './selection.ts'
import { styleOf, type VariantStyle, variantStyles } from './variant-style.ts'

/** A selected variant that a figure has something of. */
export interface ShownVariant<Row> {
  readonly variant: Variant
  readonly style: VariantStyle
  /** Its own; at least one. */
  readonly rows: readonly Row[]
  /** px by which its marks stand beside the place that all share, so that intervals of equal height stay readable. */
  readonly offset: number
}

export interface ShownRows<Row> extends Pick<Selection, 'variants'> {
  readonly rows: readonly Row[]
  /** px between neighbours, for so many variants. */
  gap(variants: number): number
}

/** The selected variants that have rows, in the order of the selection. */
export function shownVariants<Row extends { readonly variant: Variant }>(
  run: RunPage,
  { variants, rows, gap }: ShownRows<Row>,
): ShownVariant<Row>[] {
  const styles = variantStyles(run)
  const present = variants.filter((variant) => rows.some((row) => row.variant === variant))
  return present.map((variant, index) => ({
    variant,
    style: styleOf(styles, variant),
    rows: rows.filter((row) => row.variant === variant),
    offset: (index - (present.length - 1) / 2) * gap(present.length),
  }))
}
