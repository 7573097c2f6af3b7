import type { Distribution } from './distribution.ts'
import { checkSameVocabulary } from './same-vocabulary.ts'
import { walk } from './walk.ts'

/** Kullback-Leibler divergence KL(p || q) = sum p ln(p / q), nats; infinite where p has mass that q has not. */
export function klDivergence(p: Distribution, q: Distribution): number {
  checkSameVocabulary(p, q)
  let sum = 0
  walk(p, (id, probability) => {
    sum += probability * Math.log(probability / q.probabilityOf(id))
  })
  return Math.max(0, sum)
}

/** Jensen-Shannon divergence (KL(p || m) + KL(q || m)) / 2 with m = (p + q) / 2, nats, in [0, ln 2] (Lin 1991). */
export function jsDivergence(p: Distribution, q: Distribution): number {
  checkSameVocabulary(p, q)
  const toMiddle = (from: Distribution, other: Distribution): number => {
    let sum = 0
    walk(from, (id, probability) => {
      sum += probability * Math.log((2 * probability) / (probability + other.probabilityOf(id)))
    })
    return sum
  }
  return Math.min(Math.LN2, Math.max(0, (toMiddle(p, q) + toMiddle(q, p)) / 2))
}

/** Total variation distance, half of sum |p - q|, in [0, 1]. */
export function totalVariation(p: Distribution, q: Distribution): number {
  checkSameVocabulary(p, q)
  let sum = 0
  walk(p, (id, probability) => {
    sum += Math.abs(probability - q.probabilityOf(id))
  })
  walk(q, (id, probability) => {
    if (p.probabilityOf(id) === 0) sum += probability
  })
  return Math.min(1, sum / 2)
}

/** Overlap sum min(p, q) = 1 - TV(p, q): the acceptance probability of rejection sampling. In [0, 1]. */
export function overlap(p: Distribution, q: Distribution): number {
  checkSameVocabulary(p, q)
  let sum = 0
  walk(p, (id, probability) => {
    sum += Math.min(probability, q.probabilityOf(id))
  })
  return Math.min(1, sum)
}
