import type { Quality } from '@dsd-lab/experiments/schema'

/**
 * Number of rounds by accepted length, `[gamma + 1]`, from the counts by position: as many rounds kept exactly i tokens as kept the
 * i-th and not the one after it, whether that one was rejected or never drafted. Rounds that drafted nothing kept nothing.
 */
export function roundsByLength({
  byPosition: { trials, kept },
  rounds,
}: Pick<Quality, 'byPosition' | 'rounds'>): number[] {
  const atLeast = [rounds ?? trials[0] ?? 0, ...kept]
  return atLeast.map((count, length) => count - (atLeast[length + 1] ?? 0))
}
