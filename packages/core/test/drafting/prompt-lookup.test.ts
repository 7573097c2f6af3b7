import { describe, expect, it } from 'vitest'
import { promptLookup } from '../../src/drafting/prompt-lookup.ts'

const propose = async (context: readonly number[], gamma: number, options = {}) => {
  const session = await promptLookup(options).open({
    seed: 0,
    sequence: 0,
    sampling: { temperature: 0 },
    drafting: 'coupled',
    needs: 'ids',
  })
  return (await session.propose(context, { gamma })).tokens
}

describe('promptLookup', () => {
  it('proposes what followed the last tokens before', async () => {
    expect(await propose([1, 2, 3, 4, 5, 9, 2, 3, 4], 2)).toEqual([5, 9])
  })

  it('prefers the longest suffix, and of its places the latest', async () => {
    expect(await propose([2, 3, 7, 8, 3, 6, 2, 3], 1)).toEqual([7])
    expect(await propose([3, 7, 3, 8, 3], 1)).toEqual([8])
  })

  it('may overlap the text that it continues', async () => {
    expect(await propose([5, 5, 5], 4)).toEqual([5])
  })

  it('proposes nothing for a text without repetition, or with one shorter than asked for', async () => {
    expect(await propose([1, 2, 3], 4)).toEqual([])
    expect(await propose([], 4)).toEqual([])
    expect(await propose([3, 8, 3], 4, { minNgram: 2 })).toEqual([])
  })

  it('spends no forward pass and sends no law: all mass is on the token', async () => {
    const drafter = promptLookup()
    const session = await drafter.open({
      seed: 0,
      sequence: 0,
      sampling: { temperature: 1 },
      drafting: 'sampled',
      needs: 'distribution',
    })
    expect(await session.propose([4, 6, 4], { gamma: 3 })).toEqual({ tokens: [6, 4], steps: 0 })
  })

  it('refuses lengths that cannot be', () => {
    expect(() => promptLookup({ ngram: 2, minNgram: 3 })).toThrowError(/cannot look up 3 to 2 tokens/)
    expect(() => promptLookup({ ngram: 0 })).toThrowError(/cannot look up/)
  })
})
