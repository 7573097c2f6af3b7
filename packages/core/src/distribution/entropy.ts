import type { Distribution } from './distribution.ts'
import { argmaxLogit } from './logits.ts'
import { walk } from './walk.ts'

/** Shannon entropy -sum p ln p, nats, in [0, ln vocab]. */
export function entropyNats(distribution: Distribution): number {
  let sum = 0
  walk(distribution, (_, probability) => {
    sum -= probability * Math.log(probability)
  })
  return Math.max(0, sum)
}

/** Entropy of the softmax of logits at temperature 1, nats: ln Z - sum e^z z / Z with z below the largest logit. Allocates nothing. `[vocab]` */
export function logitEntropyNats(logits: Float32Array, position?: number): number {
  const largest = logits[argmaxLogit(logits, position)] ?? 0
  let total = 0
  let weighted = 0
  for (let id = 0; id < logits.length; id++) {
    const below = (logits[id] ?? 0) - largest
    const weight = Math.exp(below)
    total += weight
    weighted += weight * below
  }
  return Math.max(0, Math.log(total) - weighted / total)
}
