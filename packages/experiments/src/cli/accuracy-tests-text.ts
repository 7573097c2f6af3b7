import { notInferior } from '../statistics/index.ts'
import type { Manifest, Quality } from '../store/schema.ts'
import { variantLabel } from './run-labels.ts'
import { tableText } from './table.ts'

/** The tests of the relaxed arms of a task, raw and adjusted; undefined where there is none. Lossless arms are asked nothing. */
export function accuracyTestsText({ variants, baseline }: Manifest, qualities: readonly Quality[]): string | undefined {
  const lossless = new Set(variants.filter((variant) => variant.lossless).map(({ id }) => id))
  const tested = qualities.flatMap(({ variant, versusBaseline }) =>
    versusBaseline === null || lossless.has(variant) ? [] : [{ variant, ...versusBaseline }],
  )
  const [first] = tested
  if (first === undefined) return undefined
  return [
    `tests of accuracy against ${baseline}, margin ${first.marginPoints} points; Holm's adjustment is over the rules that look at tokens`,
    tableText({
      head: ['', "McNemar's p", 'after Holm', 'non-inferiority p', 'after Holm', ''],
      rows: tested.map((test) => [
        `  ${variantLabel(variants, test.variant)}`,
        pText(test.mcnemarP),
        pText(test.holm?.mcnemarP),
        pText(test.nonInferiorityP),
        pText(test.holm?.nonInferiorityP),
        notInferior(test) ? 'not inferior' : 'not shown non-inferior',
      ]),
    }),
  ].join('\n')
}

function pText(p: number | null | undefined): string {
  if (p === null || p === undefined) return '-'
  return p < 0.001 ? '<0.001' : p.toFixed(3)
}
