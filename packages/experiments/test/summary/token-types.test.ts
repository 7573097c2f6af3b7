import type { TraceEvent } from '@dsd-lab/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DecodingResult, TypeCounts } from '../../src/store/schema.ts'
import { PLACES, placesOf } from '../../src/summary/places.ts'
import { countTypes, tokenTypesOf } from '../../src/summary/token-types.ts'

const piecesOf = (text: string): string[] => text.split(/(?<=\s)/)

describe('the place of a token', () => {
  it('is read from the text before it and from the mark of the answer', () => {
    const pieces = piecesOf(
      'First of all Tom has two rows, so that his total = 12 ; and then all of it is done now, #### 12',
    )
    const places = placesOf(pieces, false)
    const at = (piece: string): string | undefined => places[pieces.indexOf(piece)]
    expect(places.slice(0, 4)).toEqual(Array(4).fill('first-tokens'))
    expect(at('two ')).toBe('prose')
    expect(at('12 ')).toBe('after-equals')
    expect(places.slice(-10)).toEqual([...Array(8).fill('before-answer'), 'final-answer', 'final-answer'])
  })

  it('is inside code for a program until its fence ends, and between fences of a text', () => {
    const program = piecesOf(
      'a b c d x == 1 \n``` \nwords follow here and go on for quite some time until all is said and done',
    )
    const places = placesOf(program, true)
    expect(places[program.indexOf('1 ')]).toBe('code')
    expect(places[program.indexOf('follow ')]).toBe('prose')
    const text = piecesOf('a b c d words ``` x + y ``` more words up to an end that is far enough away #### 1')
    expect(placesOf(text, false)[text.indexOf('y ')]).toBe('code')
    expect(placesOf(text, false)[text.indexOf('more ')]).toBe('prose')
  })

  it('is one of those there are, for every token of any text', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 30 }), fc.boolean(), (pieces, code) => {
        const places = placesOf(pieces, code)
        expect(places).toHaveLength(pieces.length)
        for (const place of places) expect(PLACES).toContain(place)
      }),
      { seed: 4 },
    )
  })
})

describe('counts by type', () => {
  const commit = (tokens: number, change: Partial<Extract<TraceEvent, { type: 'commit' }>>): TraceEvent => ({
    type: 'commit',
    round: 0,
    position: 0,
    tokens: Array(tokens).fill(1),
    origins: [],
    ...change,
  })
  const events = [
    commit(3, { origins: ['draft', 'relaxed', 'correction'], importance: [0.5, null, 0.25] }),
    commit(2, { origins: ['draft', 'bonus'], importance: [1, 1] }),
  ]
  const pieces = [' 12', ' the', ' 7', ' 3', ' 5']

  it('count every drafted token once by class and once by place, and no token of the target alone', () => {
    const counts = countTypes({ events, pieces, startsInCode: false })
    expect(counts.find(({ name }) => name === 'number')).toEqual({
      by: 'class',
      name: 'number',
      kept: 2,
      relaxed: 0,
      corrected: 1,
      importance: 1.75,
      scored: 3,
    })
    expect(counts.find(({ name }) => name === 'function-word')).toMatchObject({
      kept: 0,
      relaxed: 1,
      corrected: 0,
      scored: 0,
    })
    for (const by of ['class', 'place'] as const) {
      const own = counts.filter((one) => one.by === by)
      expect(own.reduce((sum, { kept, relaxed, corrected }) => sum + kept + relaxed + corrected, 0)).toBe(4)
    }
  })

  it('become acceptance with an interval that holds it', () => {
    const types = countTypes({ events, pieces, startsInCode: false })
    const decodings = [decodingOf(['a', 'b'], types)]
    const found = tokenTypesOf({ variant: 'v', task: 't', decodings, prompts: ['a', 'b'] })
    expect(found.find(({ name }) => name === 'number')).toMatchObject({
      judged: 6,
      corrected: 2,
      acceptance: { estimate: 2 / 3 },
      meanImportance: expect.closeTo(1.75 / 3, 9),
    })
    expect(found.find(({ name }) => name === 'function-word')).toMatchObject({
      relaxed: 2,
      acceptance: { estimate: 1 },
      meanImportance: null,
    })
    expect(found.map(({ name }) => name)).not.toContain('keyword')
  })

  it('of a type of one judged token have an interval that says how little is known', () => {
    const types: TypeCounts[] = [
      { by: 'class', name: 'number', kept: 1, relaxed: 0, corrected: 0, importance: 0, scored: 0 },
    ]
    const found = tokenTypesOf({ variant: 'v', task: 't', decodings: [decodingOf(['a'], types)], prompts: ['a'] })
    expect(found[0]).toMatchObject({ judged: 1, acceptance: { estimate: 1, high: 1 } })
    // Wilson's lower limit for 1 of 1.
    expect(found[0]?.acceptance.low).toBeCloseTo(1 / (1 + 1.959964 ** 2), 4)
  })
})

/** A decoding whose every item has these counts. */
function decodingOf(items: readonly string[], types: TypeCounts[]): DecodingResult {
  return {
    schema: 1,
    decoding: { id: 'd', variant: 'v', task: 't', seed: 1 },
    items: items.map((item) => ({
      item,
      sequence: 0,
      promptTokens: 1,
      tokens: 5,
      rounds: 2,
      drafted: 5,
      accepted: 3,
      relaxed: 1,
      mismatches: 2,
      correct: true,
      reason: '',
      prompt: '',
      text: '',
      pieces: [],
      types,
    })),
    byPosition: { trials: [], kept: [] },
    method: 'decoded',
  }
}
