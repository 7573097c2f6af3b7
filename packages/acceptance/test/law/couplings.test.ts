import { sampleToken, sequenceNoise, warp } from '@dsd-lab/core'
import { describe, expect, it } from 'vitest'
import { couplings } from './couplings.ts'
import { distanceToCounts, noiseFloor } from './noise-floor.ts'

const p = warp(Float32Array.of(2, 1, 0.5, 0), { temperature: 1 })
const q = warp(Float32Array.of(0.3, 1.5, 0, 0.5), { temperature: 1, topK: 3 })
const pairs = [0, 1, 2, 3].flatMap((x) => [0, 1, 2, 3].map((t) => [x, t] as const))

describe('the joint law of draft and own choice', () => {
  it.each(['coupled', 'sampled'] as const)('%s has both laws as its margins', (name) => {
    const joint = couplings[name](p, q)
    for (const id of [0, 1, 2, 3]) {
      expect([0, 1, 2, 3].reduce((sum, t) => sum + joint(id, t), 0)).toBeCloseTo(q.probabilityOf(id), 12)
      expect([0, 1, 2, 3].reduce((sum, x) => sum + joint(x, id), 0)).toBeCloseTo(p.probabilityOf(id), 12)
    }
  })

  it('is what shared noise draws', () => {
    const draws = 40_000
    const noise = sequenceNoise({ seed: 6, sequence: 0 })
    const counts = new Map(pairs.map((pair) => [pair.join(), 0]))
    for (let position = 0; position < draws; position++) {
      const field = noise.at(position).target
      const pair = [sampleToken(q, field), sampleToken(p, field)].join()
      counts.set(pair, (counts.get(pair) ?? 0) + 1)
    }
    const law = pairs.map(([x, t]) => couplings.coupled(p, q)(x, t))
    expect(distanceToCounts([...counts.values()], law)).toBeLessThan(noiseFloor(law, draws))
  })
})
