import type { Distribution } from './distribution.ts'
import { walk } from './walk.ts'

/** Shannon entropy -sum p ln p, nats, in [0, ln vocab]. */
export function entropyNats(distribution: Distribution): number {
  let sum = 0
  walk(distribution, (_, probability) => {
    sum -= probability * Math.log(probability)
  })
  return Math.max(0, sum)
}
