import fc from 'fast-check'
import { expect, test } from 'vitest'
import { roundsByLength } from '../src/run/rounds-by-length.ts'

const windows = fc.array(
  fc
    .tuple(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 8 }))
    .map(([drafted, kept]) => ({ drafted, kept: Math.min(drafted, kept) })),
  { minLength: 1 },
)

test('the counts by position give the number of rounds of every accepted length, short and empty windows included', () => {
  fc.assert(
    fc.property(windows, (rounds) => {
      const positions = Array.from({ length: 8 }, (_, at) => at)
      const trials = positions.map((at) => rounds.filter(({ drafted, kept }) => drafted > at && kept >= at).length)
      const kept = positions.map((at) => rounds.filter((round) => round.kept > at).length)
      const counted = Array.from({ length: 9 }, (_, length) => rounds.filter((round) => round.kept === length).length)
      expect(roundsByLength({ byPosition: { trials, kept }, rounds: rounds.length })).toEqual(counted)
    }),
    { seed: 7 },
  )
})
