import { expect, it } from 'vitest'
import { qualityTable } from '../../src/exporting/tables/quality.ts'
import { cells, decodings, manifest, summary } from '../summary/three-arms.ts'

it('an arm that is not inferior by itself alone is exported as not shown, as the report says it', () => {
  const quality = summary.quality.map((row) => ({
    ...row,
    versusBaseline: row.versusBaseline && {
      ...row.versusBaseline,
      nonInferiorityP: 0.02,
      nonInferior: true,
      ...(row.variant === 'loose' ? { holm: { mcnemarP: 1, nonInferiorityP: 0.04 } } : { holm: undefined }),
    },
  }))
  const { rows } = qualityTable({ manifest, decodings, cells, summary: { ...summary, quality } })
  const shown = rows.map(({ variant, nonInferiorityHolmP, nonInferior }) => [variant, nonInferiorityHolmP, nonInferior])
  expect(shown).toContainEqual(['loose', 0.04, false])
  expect(shown).toContainEqual(['plain', null, true])
  expect(shown).toContainEqual(['strict', null, null])
})
