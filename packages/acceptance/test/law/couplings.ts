import { type Distribution, mostLikely, type TokenId } from '@dsd-lab/core'

/** Joint law of the draft x and the target's own choice t at one position. */
export type Coupling = (x: TokenId, t: TokenId) => number

/** How a drafter of each mode makes them hang together. */
export const couplings = {
  coupled: gumbelCoupling,
  sampled:
    (p: Distribution, q: Distribution): Coupling =>
    (x, t) =>
      q.probabilityOf(x) * p.probabilityOf(t),
  greedy:
    (p: Distribution, q: Distribution): Coupling =>
    (x, t) =>
      x === mostLikely(q) ? p.probabilityOf(t) : 0,
} as const

/**
 * Exact joint law of x = argmin E / q and t = argmin E / p over shared exponentials E. With a = E_t / p_t and r a = E_x / q_x
 * every other E_k must exceed a max(p_k, r q_k); integrating a away leaves p_t q_x over the square of
 * S(r) = sum max(p_k, r q_k), which is linear between the breakpoints r = p_k / q_k.
 */
function gumbelCoupling(p: Distribution, q: Distribution): Coupling {
  const ids = Array.from({ length: p.vocabSize }, (_, id) => id)
  const ratio = (id: TokenId): number => p.probabilityOf(id) / q.probabilityOf(id)
  const breaks = ids.map(ratio).filter(Number.isFinite)
  const sumAt = (r: number): number =>
    ids.reduce((sum, id) => sum + Math.max(p.probabilityOf(id), r * q.probabilityOf(id)), 0)
  /** Integral of S^-2 over a piece on which S is linear. */
  const piece = (from: number, to: number): number => (to - from) / (sumAt(from) * sumAt(to))
  /** Beyond the last breakpoint S grows as r does, without end where t lies outside the support of q. */
  const integral = (from: number, to: number): number => {
    const last = Math.max(from, ...breaks)
    const upper = Math.min(to, last)
    const points = [from, ...breaks.filter((r) => r > from && r < upper), upper].sort((a, b) => a - b)
    const pieces = points.slice(1).reduce((sum, point, index) => sum + piece(points[index] ?? 0, point), 0)
    const beyond = Number.isFinite(to) ? 1 / sumAt(to) : 0
    return pieces + (to > last ? 1 / sumAt(last) - beyond : 0)
  }
  return (x, t) => {
    if (p.probabilityOf(t) === 0 || q.probabilityOf(x) === 0) return 0
    if (x === t)
      return (
        1 /
        ids.reduce(
          (sum, id) =>
            sum + Math.max(p.probabilityOf(id) / p.probabilityOf(x), q.probabilityOf(id) / q.probabilityOf(x)),
          0,
        )
      )
    const [from, to] = [ratio(x), ratio(t)]
    return to <= from ? 0 : p.probabilityOf(t) * q.probabilityOf(x) * integral(from, to)
  }
}
