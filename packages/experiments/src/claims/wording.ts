import { tripComputeMs } from '../plan/conditions.ts'
import type { Condition, Estimate } from '../store/schema.ts'
import type { Unit } from '../store/schema-claims.ts'

/** `2.51x [2.40, 2.63]`, `+1.0 points [-1.2, 3.1]` */
export function estimateText({ estimate, low, high }: Estimate, unit: Unit): string {
  const digits = unit === 'x' ? 2 : 1
  const text = (value: number): string => value.toFixed(digits)
  const sign = unit === 'points' && estimate > 0 ? '+' : ''
  const suffix = unit === 'x' ? 'x' : ` ${unit}`
  return `${sign}${text(estimate)}${suffix} [${text(low)}, ${text(high)}]`
}

/** `8 nodes, 20 ms, t1 = 0.96 t0` */
export function networkText(condition: Condition): string {
  return `${condition.nodes} nodes, ${condition.link.latencyMs} ms, t1 = ${latencyRatio(condition).toPrecision(2)} t0`
}

/** What the letters of the claims mean. */
export const SYMBOLS =
  'N: nodes that the target is cut over; t0: compute of one token on the whole model, all nodes together; t1: latency of one link, one way; ' +
  'k: tokens committed in a round. Speeds are those of the virtual clock: decoded texts, timed with the compute and links of the conditions; ' +
  'the bundled pair declares its compute per node, the real pair the measured one, cut in equal shares.'

/** t1 / t0: latency of a link over the compute of one token on the whole model. */
export function latencyRatio(condition: Condition): number {
  return condition.link.latencyMs / tripComputeMs(condition, 1)
}
