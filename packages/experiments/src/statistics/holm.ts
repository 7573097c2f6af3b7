/**
 * Holm's step-down adjustment (Holm 1979) of the p-values of a family of tests: rejecting where the result is at most alpha keeps the chance
 * of any false rejection at alpha, whatever the dependence. In the order given; each at most 1.
 */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((p, index) => ({ p, index })).sort((a, b) => a.p - b.p)
  const adjusted = pValues.map(() => 1)
  let running = 0
  for (const [rank, { p, index }] of order.entries()) {
    running = Math.max(running, Math.min(1, (order.length - rank) * p))
    adjusted[index] = running
  }
  return adjusted
}
