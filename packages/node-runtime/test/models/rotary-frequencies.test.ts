import { describe, expect, it } from 'vitest'
import { ropeFrequencies } from '../../src/models/rope.ts'

describe('rotary frequencies', () => {
  const plain = ropeFrequencies({ kind: 'default', theta: 500000 }, 64)

  it('fall from one radian a position to theta^-(1 - 2 / headDim)', () => {
    expect(plain[0]).toBe(1)
    expect(plain[31]).toBeCloseTo(1 / 500000 ** (31 / 32), 15)
  })

  it('are divided by the factor when positions are scaled', () => {
    const scaled = ropeFrequencies({ kind: 'linear', theta: 500000, factor: 4 }, 64)
    expect(scaled).toEqual(plain.map((frequency) => frequency / 4))
  })

  it('of Llama 3 keep short wavelengths, stretch long ones and pass smoothly between', () => {
    const scaled = ropeFrequencies(
      {
        kind: 'llama3',
        theta: 500000,
        factor: 32,
        lowFreqFactor: 1,
        highFreqFactor: 4,
        originalMaxLength: 8192,
      },
      64,
    )
    for (const [i, frequency] of plain.entries()) {
      const wavelength = (2 * Math.PI) / frequency
      const ratio = (scaled[i] ?? 0) / frequency
      if (wavelength < 8192 / 4) expect(ratio).toBe(1)
      else if (wavelength > 8192) expect(ratio).toBeCloseTo(1 / 32, 12)
      else {
        expect(ratio).toBeGreaterThan(1 / 32)
        expect(ratio).toBeLessThan(1)
      }
    }
    // Worked out apart from the code: wavelength 2 pi 500000^(15/32) = 2948.3026, share (8192 / 2948.3026 - 1) / 3 = 0.592849.
    const middle = plain.findIndex((frequency) => 8192 / 4 < (2 * Math.PI) / frequency)
    expect(middle).toBe(15)
    expect((2 * Math.PI) / (plain[middle] ?? 0)).toBeCloseTo(2948.3026, 3)
    const share = (8192 / ((2 * Math.PI) / (plain[middle] ?? 0)) - 1) / 3
    expect(share).toBeCloseTo(0.592849, 6)
    expect((scaled[middle] ?? 0) / (plain[middle] ?? 1)).toBeCloseTo(share + (1 - share) / 32, 12)
  })
})
