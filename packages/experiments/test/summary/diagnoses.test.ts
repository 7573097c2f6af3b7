import { describe, expect, it } from 'vitest'
import { summary } from './three-arms.ts'

describe('diagnoses', () => {
  it('says what is wrong, with the number that shows it', () => {
    const found = summary.diagnoses.map(({ code, variant, condition, value }) => ({ code, variant, condition, value }))
    expect(found).toContainEqual({ code: 'weak-draft', variant: 'strict', condition: null, value: 0.4 })
    expect(found).toContainEqual({
      code: 'links-too-fast',
      variant: null,
      condition: 'near',
      value: expect.closeTo(2.5 / 42.5, 2),
    })
    expect(found).toContainEqual({
      code: 'window-too-long',
      variant: 'strict',
      condition: 'near',
      value: expect.any(Number),
    })
    expect(found).toContainEqual({
      code: 'threshold-too-loose',
      variant: 'loose',
      condition: null,
      value: expect.closeTo(-60),
    })
    expect(found.filter(({ code, condition }) => code === 'links-too-fast' && condition === 'far')).toEqual([])
    expect(summary.diagnoses.find(({ code }) => code === 'weak-draft')?.message).toContain('40 %')
  })
})
