import type { Quality } from '@dsd-lab/experiments/schema'

/** All rounds; those with a draft where an older run counted no others. */
export const roundsOf = ({ byPosition, rounds }: Pick<Quality, 'byPosition' | 'rounds'>): number =>
  rounds ?? byPosition.trials[0] ?? 0

/**
 * Number of rounds by accepted length, `[gamma + 1]`, from the counts by position: as many rounds kept exactly i tokens as kept the
 * i-th and not the one after it, whether that one was rejected or never drafted. Rounds that drafted nothing kept nothing.
 */
export function roundsByLength(quality: Pick<Quality, 'byPosition' | 'rounds'>): number[] {
  const atLeast = [roundsOf(quality), ...quality.byPosition.kept]
  return atLeast.map((count, length) => count - (atLeast[length + 1] ?? 0))
}
