import { DsdError } from '../errors.ts'

/**
 * Chance that a draft is kept given that all before it in its window were: one number for every place, or one a place
 * (places after the last use the last). Each in [0, 1].
 */
export type Acceptance = number | readonly number[]

/** Trials and successes of one place in the draft window. */
export interface PlaceCount {
  /** Rounds that drafted this place and kept all before it: where it was put to the test. */
  readonly tried: number
  readonly kept: number
}

/**
 * Acceptance by place in the window. A place after a rejection was never tested, so it counts for nothing: kept over
 * drafted would be too low for late places. Nor was one behind the end of the text, where `committed` tells that no token
 * followed the accepted ones. `[largest window]`
 */
export function acceptanceByPlace(
  rounds: Iterable<{ readonly drafted: number; readonly accepted: number; readonly committed?: number }>,
): PlaceCount[] {
  const counts: { tried: number; kept: number }[] = []
  for (const { drafted, accepted, committed } of rounds) {
    const rejected = committed === accepted ? 0 : 1
    for (let place = 0; place < Math.min(accepted + rejected, drafted); place++) {
      const count = counts[place] ?? { tried: 0, kept: 0 }
      counts[place] = { tried: count.tried + 1, kept: count.kept + (place < accepted ? 1 : 0) }
    }
  }
  return counts
}

/** E(g) = 1 + sum_{j<=g} prod_{i<=j} alpha_i: mean tokens that a round commits, the target's own included. */
export function tokensPerRound(acceptance: Acceptance, gamma: number): number {
  let reached = 1
  let tokens = 1
  for (let place = 0; place < gamma; place++) {
    reached *= acceptanceAt(acceptance, place)
    tokens += reached
  }
  return tokens
}

/** f(g) = prod_{i<=g+1} alpha_i: chance that all of a window is kept and the token after it is what the drafter says. */
export function foreseenChance(acceptance: Acceptance, gamma: number): number {
  let chance = 1
  for (let place = 0; place <= gamma; place++) chance *= acceptanceAt(acceptance, place)
  return chance
}

function acceptanceAt(acceptance: Acceptance, place: number): number {
  const alpha = typeof acceptance === 'number' ? acceptance : (acceptance[place] ?? acceptance.at(-1) ?? 0)
  if (alpha >= 0 && alpha <= 1) return alpha
  throw new DsdError(`${alpha} is not a chance`, {
    kind: 'bad-input',
    where: 'acceptance',
    fix: 'give numbers in [0, 1]',
  })
}
