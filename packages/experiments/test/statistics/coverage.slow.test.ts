import { PURPOSE, uniformField } from '@dsd-lab/core'
import { describe, expect, it } from 'vitest'
import {
  nonInferiorityExactP,
  normalQuantile,
  promptsForMargin,
  showableMarginPoints,
  speedup,
} from '../../src/statistics/index.ts'

/** Normal draws of one simulated study, keyed by its number. */
function normals(study: number): () => number {
  const field = uniformField({ seed: 5, purpose: PURPOSE.WORKLOAD, sequence: 77, position: study })
  let draw = 0
  return () => normalQuantile(field.at(draw++))
}

/** Prompts of lognormal length; how fast the variant decodes one of them varies by `spread`. */
function study(prompts: number, spread: number, draw: () => number) {
  const rows = Array.from({ length: prompts }, () => {
    const tokens = Math.max(5, Math.round(60 * Math.exp(0.5 * draw())))
    return { tokens, base: 60 * tokens + 300, ms: 20 * tokens * Math.exp(spread * draw()) + 300 }
  })
  const tokens = rows.map((row) => row.tokens)
  return { baseline: { ms: rows.map(({ base }) => base), tokens }, variant: { ms: rows.map(({ ms }) => ms), tokens } }
}

describe('coverage by simulation', () => {
  it.each([
    { prompts: 12, spread: 0.15, least: 0.9 },
    { prompts: 16, spread: 0.5, least: 0.89 },
    { prompts: 40, spread: 0.15, least: 0.92 },
    { prompts: 164, spread: 0.5, least: 0.93 },
  ])('a 95 % interval of a speed-up over $prompts prompts covers at least $least', ({ prompts, spread, least }) => {
    const large = study(200_000, spread, normals(1_000_000))
    const truth = speedup({ ...large, resamples: 1 }).estimate
    const studies = 1500
    let covered = 0
    for (let number = 0; number < studies; number++) {
      const { low, high } = speedup({ ...study(prompts, spread, normals(number)), resamples: 1000 })
      if (low <= truth && truth <= high) covered++
    }
    expect(covered / studies).toBeGreaterThanOrEqual(least)
    expect(covered / studies).toBeLessThanOrEqual(0.98)
  })

  it('the exact test holds its size at the margin, and the forecast of its power is right', () => {
    const [prompts, discordance] = [100, 0.1]
    const margin = showableMarginPoints({ prompts, discordance }) / 100
    const shown = (gain: number, loss: number): number => {
      let passed = 0
      const studies = 600
      for (let number = 0; number < studies; number++) {
        const field = uniformField({ seed: 9, purpose: PURPOSE.WORKLOAD, sequence: 78, position: number })
        let [gained, lost] = [0, 0]
        for (let prompt = 0; prompt < prompts; prompt++) {
          const u = field.at(prompt)
          if (u < gain) gained++
          else if (u < gain + loss) lost++
        }
        if (nonInferiorityExactP({ prompts, gained, lost }, margin) <= 0.025) passed++
      }
      return passed / studies
    }
    // Three standard errors of 600 studies at the size are 0.019.
    expect(shown(0.02, 0.02 + margin)).toBeLessThanOrEqual(0.025 + 0.019)
    expect(Math.abs(shown(discordance / 2, discordance / 2) - 0.8)).toBeLessThan(0.05)
    expect(promptsForMargin({ marginPoints: 100 * margin, discordance })).toBe(prompts)
  })
})
