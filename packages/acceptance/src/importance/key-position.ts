import { type ImportanceReason, klDivergence, overlap, pointMass, type TokenClass } from '@dsd-lab/core'
import type { Evidence } from './evidence.ts'
import { type Importance, reasonOfClass } from './score.ts'

/** The criteria of the reconstructed DSD rule; a position is key if any of them says so. */
export interface KeyCriteria {
  /** Key above this cross-entropy contrast H(q, p) - H(q) = KL(q || p), nats. */
  readonly l1: number
  /** Key above this top-1 gap p(1) - p(2) while argmax q is not argmax p. */
  readonly l2: number
  /** Key below this agreement sum(min(p, q)). */
  readonly l3: number
  /** Classes of which a token is key. */
  readonly classes: readonly TokenClass[]
}

/**
 * DSD's criteria (paper.md: reconstructed) as a score: each criterion x > l becomes x / (x + l), which passes 1/2 exactly
 * at l, and the strongest one speaks. Key means importance above 1/2.
 */
export function keyPosition(evidence: Evidence, { l1, l2, l3, classes }: KeyCriteria): Importance {
  const { target, best, second, proposed } = evidence
  const criteria: { reason: ImportanceReason; strength: number }[] = []
  if (proposed !== undefined) {
    const draft = evidence.draft ?? pointMass(proposed, target.vocabSize)
    // KL(q || p), not KL(p || q): q travels truncated, and the other one would be infinite everywhere.
    criteria.push({ reason: 'divergence', strength: graded(klDivergence(draft, target), l1) })
    const gap = target.probabilityOf(best) - (second === undefined ? 0 : target.probabilityOf(second))
    criteria.push({ reason: 'margin', strength: proposed === best ? 0 : graded(gap, l2) })
    criteria.push({ reason: 'draft-gap', strength: graded(1 - overlap(target, draft), 1 - l3) })
  }
  for (const found of evidence.classes) {
    if (classes.includes(found)) criteria.push({ reason: reasonOfClass(found) ?? 'user', strength: 1 })
  }
  const importance = Math.max(0, ...criteria.map(({ strength }) => strength))
  const reasons = criteria.filter(({ strength }) => strength > KEY_THRESHOLD).map(({ reason }) => reason)
  return { importance, reasons: [...new Set(reasons)] }
}

/** Importance above this makes a position key. */
export const KEY_THRESHOLD = 0.5

function graded(value: number, limit: number): number {
  if (value === Number.POSITIVE_INFINITY) return 1
  return value <= 0 ? 0 : value / (value + limit)
}
