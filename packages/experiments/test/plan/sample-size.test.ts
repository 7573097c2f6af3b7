import { describe, expect, it } from 'vitest'
import { sampleSizeAdvice } from '../../src/plan/sample-size.ts'

describe('sample-size advice', () => {
  it('names the margin that the items can show, and the items that the margin takes', () => {
    expect(sampleSizeAdvice({ tasks: [{ name: 'gsm8k', items: 100 }], marginPoints: 2 })).toBe(
      'note: 100 items of gsm8k can show that no more than 11 points are lost, not 2; that takes about 2005 items (one answer in ten differing, power 0.8)',
    )
  })

  it('leaves out the tasks that are large enough, and says nothing where all are', () => {
    const tasks = [
      { name: 'small', items: 40 },
      { name: 'large', items: 2010 },
    ]
    expect(sampleSizeAdvice({ tasks, marginPoints: 2 })).not.toContain('large')
    expect(sampleSizeAdvice({ tasks, marginPoints: 20 })).toBeUndefined()
    expect(sampleSizeAdvice({ tasks: [], marginPoints: 2 })).toBeUndefined()
  })
})
