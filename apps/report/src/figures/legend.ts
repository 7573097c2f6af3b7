import type { Variant } from '@dsd-lab/experiments/schema'
import * as Plot from '@observablehq/plot'
import { element } from './element.ts'
import { dotStyle, styleOf, type VariantStyles } from './variant-style.ts'

/** A stroke with its symbol, as the variant is drawn. */
export function swatch(styles: VariantStyles, variant: Pick<Variant, 'id'>): Element {
  const style = styleOf(styles, variant)
  const { colour, dash } = style
  const drawing = Plot.plot({
    width: 28,
    height: 12,
    margin: 0,
    axis: null,
    x: { domain: [0, 1], range: [0, 28] },
    y: { domain: [0, 1], range: [12, 0] },
    className: 'swatch',
    marks: [
      Plot.link([0.5], { x1: 0, x2: 1, y1: 0.5, y2: 0.5, stroke: colour, strokeWidth: 1.75, strokeDasharray: dash }),
      Plot.dot([0.5], { x: 0.5, y: 0.5, r: 3.5, ...dotStyle(style) }),
    ],
  })
  drawing.setAttribute('aria-hidden', 'true')
  return drawing
}

/** Which line is which variant. */
export function variantLegend(styles: VariantStyles, variants: readonly Pick<Variant, 'id' | 'label'>[]): HTMLElement {
  const entries = variants.map((variant) => element('li', {}, [swatch(styles, variant), variant.label]))
  return element('ul', { class: 'legend', 'aria-label': 'Variants' }, entries)
}

export interface PatchEntry {
  readonly label: string
  /** Class that paints the patch. */
  readonly patch: string
}

/** Which area is which part. */
export function patchLegend(entries: readonly PatchEntry[]): HTMLElement {
  const items = entries.map(({ label, patch }) =>
    element('li', {}, [element('span', { class: `patch ${patch}`, 'aria-hidden': 'true' }), label]),
  )
  return element('ul', { class: 'legend' }, items)
}
