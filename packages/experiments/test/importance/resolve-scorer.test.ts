import { readFileSync } from 'node:fs'
import { fittedScorerSchema } from '@dsd-lab/acceptance'
import { describe, expect, it } from 'vitest'
import { withScorer } from '../../src/importance/resolve-scorer.ts'
import { dsdAdaptive } from '../../src/index.ts'

const shipped = fittedScorerSchema.parse(
  JSON.parse(readFileSync(new URL('../../../acceptance/data/lab-pair.scorer.json', import.meta.url), 'utf8')),
)
const { target, draft } = shipped.provenance
const setting = { file: '/study/file.ts', models: { target, draft } }

describe('the scorer of a rule', () => {
  it('stands in the spec whole, however it was given', () => {
    const whole = { name: 'dsd-adaptive', tau: 0.3, scorer: { kind: 'fitted', scorer: shipped } }
    expect(withScorer(dsdAdaptive({ tau: 0.3, scorer: 'fitted' }), setting)).toEqual(whole)
    expect(withScorer(dsdAdaptive({ tau: 0.3, scorer: shipped }), setting)).toEqual(whole)
    expect(withScorer(dsdAdaptive({ tau: 0.3, scorer: { kind: 'fitted', scorer: shipped } }), setting)).toEqual(whole)
  })

  it('is left alone where nothing fitted is asked for', () => {
    for (const spec of [
      dsdAdaptive(),
      dsdAdaptive({ scorer: { kind: 'logistic' } }),
      { name: 'mine', scorer: 'fitted' },
    ]) {
      expect(withScorer(spec, setting)).toBe(spec)
    }
  })

  it('is refused for a drafter that is no model', () => {
    expect(() =>
      withScorer(dsdAdaptive({ scorer: 'fitted' }), { ...setting, models: { target, draft: undefined } }),
    ).toThrow(/fitted to drafts of .*, not of no draft model/)
  })

  it('that ships was fitted to enough labels of the bundled pair to say something', () => {
    expect(target.ref).toBe('bundled:lab-target')
    expect(draft.ref).toBe('bundled:lab-draft')
    expect(shipped.provenance.important).toBeGreaterThan(50)
    expect(shipped.provenance.rocAuc).toBeGreaterThan(0.8)
  })
})
