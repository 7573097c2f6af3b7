/** Scores of things that are either positive or not. */
export interface Ranked {
  /** The larger, the more likely positive. `[n]` */
  readonly scores: readonly number[]
  /** `[n]` */
  readonly positive: readonly boolean[]
  /** How often each counts; default once. `[n]` */
  readonly weights?: ArrayLike<number>
}

/**
 * Area under the ROC curve: the chance that a positive has the larger score, ties counting half (Mann and Whitney 1947). NaN without
 * a positive or without a negative.
 */
export function rocAuc(ranked: Ranked): number {
  let [below, positives, negatives, area] = [0, 0, 0, 0]
  for (const { hit, miss } of tiedGroups(ranked).reverse()) {
    area += hit * (below + miss / 2)
    below += miss
    positives += hit
    negatives += miss
  }
  return area / (positives * negatives)
}

/** Area under the precision-recall curve as average precision, sum (R_n - R_(n-1)) P_n over thresholds. NaN without a positive. */
export function averagePrecision(ranked: Ranked): number {
  const groups = tiedGroups(ranked)
  const positives = groups.reduce((sum, { hit }) => sum + hit, 0)
  let [hits, taken, area] = [0, 0, 0]
  for (const { hit, miss } of groups) {
    hits += hit
    taken += hit + miss
    if (hit > 0) area += (hit / positives) * (hits / taken)
  }
  return positives === 0 ? Number.NaN : area
}

export interface RecallPoint {
  /** Scores at or above it are called positive. */
  readonly threshold: number
  /** Share of the positives that are called so. */
  readonly recall: number
  /** Share of the negatives that are not called so: what is recovered. */
  readonly recovered: number
}

/** The largest threshold that calls at least `recall` of the positives positive; undefined without a positive. */
export function atRecall(ranked: Ranked, recall: number): RecallPoint | undefined {
  const groups = tiedGroups(ranked)
  const positives = groups.reduce((sum, { hit }) => sum + hit, 0)
  const negatives = groups.reduce((sum, { miss }) => sum + miss, 0)
  let [hits, misses] = [0, 0]
  for (const { score, hit, miss } of groups) {
    hits += hit
    misses += miss
    if (positives === 0 || hits < recall * positives) continue
    return { threshold: score, recall: hits / positives, recovered: negatives === 0 ? 0 : 1 - misses / negatives }
  }
  return undefined
}

interface TiedGroup {
  readonly score: number
  hit: number
  miss: number
}

/** Equal scores together, largest first. */
function tiedGroups({ scores, positive, weights }: Ranked): TiedGroup[] {
  const order = [...scores.keys()].sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0))
  const groups: TiedGroup[] = []
  for (const index of order) {
    const score = scores[index] ?? 0
    let group = groups.at(-1)
    if (group?.score !== score) {
      group = { score, hit: 0, miss: 0 }
      groups.push(group)
    }
    const weight = weights?.[index] ?? 1
    if (positive[index] === true) group.hit += weight
    else group.miss += weight
  }
  return groups
}
