import { expect, it } from 'vitest'
import { resultText } from '../../src/cli/result-text.ts'
import { notInferior } from '../../src/statistics/index.ts'
import { summarise } from '../../src/summary/summarise.ts'
import { cells, decodings, manifest, summary } from '../summary/three-arms.ts'

it('shows the speed-up over plain decoding, and beside it the paired one over the baseline', () => {
  const shown = resultText({ manifest, summary, live: [] })
  expect(shown).toMatch(/speed-up over plain decoding\n.*\n {2}plain .* ms a token\n {2}strict +1\.46 \[/)
  expect(shown).toMatch(
    /speed-up over strict, paired by prompt\n.*\n {2}plain +0\.69 .*\n {2}strict .* ms a token.*\n {2}loose +2\.00 \[/,
  )
})

it('speaks of no plain decoding where no arm decodes so', () => {
  const drafting = { ...manifest, variants: manifest.variants.filter(({ id }) => id !== 'plain') }
  const without = summarise({ manifest: drafting, decodings, cells, marginPoints: 5 })
  const shown = resultText({ manifest: drafting, summary: without, live: [] })
  expect(shown).not.toContain('plain decoding')
  expect(shown).toMatch(/speed-up over strict, paired by prompt\n.*\n {2}strict .* ms a token.*\n {2}loose +2\.00 \[/)
})

it('shows both tests of a relaxed arm, raw and after Holm', () => {
  expect(resultText({ manifest, summary, live: [] })).toMatch(
    /tests of accuracy against strict, margin 5 points.*\n.*\n {2}loose +<0\.001 +<0\.001 +\d\.\d{3} +\d\.\d{3} +not shown non-inferior/,
  )
})

it('says what the noise floor is, and that a few prompts tell none of speed', () => {
  expect(resultText({ manifest, summary, live: [] })).toMatch(
    /noise floor: two runs of the baseline on other prompts would differ by up to \d\.\d\d in speed-up and \d+\.\d points of accuracy \(95 %, unpaired, /,
  )
  const few = { ...summary, noiseFloor: { speedup: null, accuracyPoints: 65.8 } }
  expect(resultText({ manifest, summary: few, live: [] })).toMatch(
    /by up to 65\.8 points of accuracy \(.*\), in speed-up by an amount that is not estimable from so few prompts; /,
  )
})

it('is not inferior by the adjusted p where there is one', () => {
  expect(notInferior({ nonInferior: true, holm: { nonInferiorityP: 0.04 } })).toBe(false)
  expect(notInferior({ nonInferior: true, holm: { nonInferiorityP: null } })).toBe(true)
  expect(notInferior({ nonInferior: false })).toBe(false)
})
