import { mostLikely, totalVariation } from '@dsd-lab/core'
import { describe, expect, it } from 'vitest'
import { uncertainty } from '../../src/index.ts'
import { jointLaw } from './enumerate.ts'
import { deviationFromTarget } from './first-token.ts'
import { ids, languageOf, resolve, seeds, VOCAB } from './lossy-cases.ts'
import { distanceToCounts, noiseFloor } from './noise-floor.ts'
import { decodeText } from './simulate.ts'

describe('uncertainty', () => {
  it.each([0, 0.2, 0.6, 1])(
    'at a = %d lets out min(q, p + b q) and the residual, within b = a (1 - max p) of p',
    (a) => {
      const rule = resolve(uncertainty({ a }))
      expect(rule.lossless).toBe(a === 0)
      const moved = seeds.map((seed) => {
        const language = languageOf(seed)
        const p = language.target([])
        const q = language.draft([]) ?? p
        const b = a * (1 - p.probabilityOf(mostLikely(p)))
        const kept = ids.map((id) => Math.min(q.probabilityOf(id), p.probabilityOf(id) + b * q.probabilityOf(id)))
        const rejected = 1 - kept.reduce((sum, share) => sum + share, 0)
        const rest = ids.map((id) => Math.max(0, p.probabilityOf(id) - q.probabilityOf(id)) / totalVariation(p, q))
        const law = firstOf(jointLaw({ rule, language, gamma: 1 }))
        for (const id of ids) {
          expect(Math.abs((law[id] ?? 0) - (kept[id] ?? 0) - rejected * (rest[id] ?? 0))).toBeLessThan(1e-12)
        }
        const deviation = deviationFromTarget({ law, relaxed: 0 }, language)
        expect(deviation).toBeLessThan(b + 1e-12)
        return deviation
      })
      expect(Math.max(...moved) > 0.01).toBe(a > 0)
    },
  )

  it('samples that law with the keyed noise', () => {
    const language = languageOf(2)
    const rule = resolve(uncertainty({ a: 0.6 }))
    const law = firstOf(jointLaw({ rule, language, gamma: 1 }))
    const draws = 20_000
    const counts = new Array<number>(VOCAB).fill(0)
    for (let sequence = 0; sequence < draws; sequence++) {
      const [id = 0] = decodeText({ rule, language, gamma: 1, seed: 9 }, { sequence, length: 1 })
      counts[id] = (counts[id] ?? 0) + 1
    }
    expect(distanceToCounts(counts, law)).toBeLessThan(noiseFloor(law, draws))
  })
})

/** Marginal of the first token. `[vocab]` */
function firstOf(joint: ReadonlyMap<string, number>): number[] {
  const law = new Array<number>(VOCAB).fill(0)
  for (const [text, share] of joint) {
    const first = Number(text.split(',')[0])
    law[first] = (law[first] ?? 0) + share
  }
  return law
}
