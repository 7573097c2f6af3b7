import type { TraceEvent } from '@dsd-lab/core'
import type { LiveResult } from '../store/schema.ts'
import { type TracedRound, type TracedText, textsOf } from './traced-text.ts'

/** Whether texts decoded live have the ids of the same items decoded virtually, and the first place where not. */
export function compareTexts(
  live: readonly (readonly TraceEvent[])[],
  virtual: readonly TracedText[],
): Pick<LiveResult, 'identical' | 'firstDifference'> {
  for (const { session, rounds } of live.flatMap(textsOf)) {
    const expected = virtual.find((text) => text.session.item === session.item)
    const difference = firstDifference(tokensOf(rounds), tokensOf(expected?.rounds ?? []))
    if (difference !== undefined) {
      const firstDifference = {
        item: session.item,
        position: session.promptTokens + difference,
        marginNats: marginAt(expected?.rounds ?? [], difference),
      }
      return { identical: false, firstDifference }
    }
  }
  return { identical: true, firstDifference: null }
}

function firstDifference(one: readonly number[], other: readonly number[]): number | undefined {
  const length = Math.max(one.length, other.length)
  for (let place = 0; place < length; place++) if (one[place] !== other[place]) return place
  return undefined
}

function tokensOf(rounds: readonly TracedRound[]): number[] {
  return rounds.flatMap(({ commit }) => commit?.tokens ?? [])
}

/** Gap of the two largest target logits at a place of the answer; 0 where it was not noted. */
function marginAt(rounds: readonly TracedRound[], place: number): number {
  return rounds.flatMap(({ commit }) => commit?.marginNats ?? commit?.tokens.map(() => null) ?? [])[place] ?? 0
}
