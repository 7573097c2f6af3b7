import { replayText, type TimedChain, type WindowPolicy } from '@dsd-lab/core'
import type { RecordedText } from '../recorded-passes.ts'

/** Rounds that must go well in a row, probes aside, before a policy counts as adapted. */
const STEADY = 32

export interface Adaptation {
  /** Decoded in turn: the first half before the change, the rest after. */
  readonly texts: readonly RecordedText[]
  make(): WindowPolicy
  readonly before: TimedChain
  readonly after: TimedChain
  /** Whether a window of that size is good enough after the change. `[gamma]` */
  readonly good: readonly boolean[]
  readonly draftAhead: boolean
}

/** The first round after the change from which on nearly all windows are good ones; probes, one in sixteen, are not held against it. */
export function roundsToAdapt({ texts, make, before, after, good, draftAhead }: Adaptation): number {
  const window = make()
  const half = Math.floor(texts.length / 2)
  const isGood: boolean[] = []
  const play = ({ pass, sequence }: RecordedText, chain: TimedChain): void => {
    const rounds = replayText({ pass, window, chain, sequence, draftAhead })
    for (const { drafted, forced, committedBefore } of rounds) {
      const cut = drafted === pass.maxLength - committedBefore - 2
      if (chain === after && forced === 0 && !cut) isGood.push(good[drafted] ?? false)
    }
  }
  for (const text of texts.slice(0, half)) play(text, before)
  for (const text of texts.slice(half)) play(text, after)
  for (let round = 0; round + STEADY < isGood.length; round++) {
    const following = isGood.slice(round, round + STEADY)
    if (isGood[round] === true && following.filter((one) => !one).length <= STEADY / 16) return round
  }
  return Number.POSITIVE_INFINITY
}
