import { resolveRule } from '@dsd-lab/acceptance'
import { type RuleSpec, sparseDistribution } from '@dsd-lab/core'
import { isKept, shareKept } from './probe-rule.ts'

/** A grid of cells, each with the probability that a draft there is kept; undefined where no law lies. */
export interface Region {
  readonly x: Axis
  readonly y: Axis
  at(x: number, y: number): number | undefined
}

export interface Axis {
  readonly label: string
  readonly from: number
  readonly to: number
}

const share = (label: string): Axis => ({ label, from: 0, to: 1 })

/** Tokens among which the rest of the mass is spread evenly. */
const OTHERS = 30
const STRATA = 60

/** What follows from p alone: the draft x, its strongest rival, and 30 tokens that share the rest. */
export function byTarget(spec: RuleSpec, temperature: number): Region {
  return {
    x: share('p(x), the draft'),
    y: share('p(rival)'),
    at(x, rival) {
      const rest = 1 - x - rival
      if (rest < 0) return undefined
      const row = [rival, x, ...Array.from({ length: OTHERS }, () => rest / OTHERS)].map((p) =>
        Math.log(Math.max(p, 1e-9)),
      )
      return isKept({ spec, temperature, rows: [row], drafted: [1] }) ? 1 : 0
    },
  }
}

/**
 * What depends on both laws, over two tokens: the probability that a drafted x is kept, over the drafter's and the judge's
 * noise. Two exponentials race for each law, and only their ratio r matters, with P(r < s) = s / (1 + s).
 */
export function byBothLaws(spec: RuleSpec, temperature = 1): Region {
  const { drafting, needs } = resolveRule(spec, { vocabSize: 2, temperature })
  return {
    x: share('p(x), target'),
    y: share('q(x), drafter'),
    at(p, q) {
      const draft = sparseDistribution({ vocabSize: 2, ids: [0, 1], weights: [1 - q, q] })
      return shareKept(STRATA, (accept, place) => {
        // A coupled drafter drew x only where the shared noise made it.
        const below = drafting === 'coupled' ? place * q : place
        const ratio = below / (1 - below)
        return isKept(
          {
            spec,
            temperature,
            rows: [[Math.log(1 - p), Math.log(p)]],
            drafted: [1],
            ...(needs === 'distribution' && { drafts: [draft] }),
          },
          { accept, field: { at: (id) => -Math.expm1(id === 1 ? -ratio : -1) } },
        )
      })
    },
  }
}

/** What depends on raw logits: of the draft and of one rival, all others far below. */
export function byLogits(spec: RuleSpec): Region {
  return {
    x: { label: 'z(x), the draft', from: -10, to: 20 },
    y: { label: 'z(rival)', from: -10, to: 20 },
    at: (x, rival) => (isKept({ spec, temperature: 0, rows: [[rival, x, -40]], drafted: [1] }) ? 1 : 0),
  }
}

/** A mismatch in second place, by the target's certainty and the number of matching drafts behind it. */
export function byLookAhead(spec: RuleSpec): Region {
  return {
    x: { label: 'matching drafts behind it', from: -0.5, to: 8.5 },
    y: share('p(1)'),
    at(matches, best) {
      const rest = 1 - best
      const law = [best, 0.6 * rest, ...Array.from({ length: 8 }, () => (0.4 * rest) / 8)]
      if (0.6 * rest > best) return undefined
      const rows = [
        law.map(Math.log),
        ...Array.from({ length: Math.round(matches) }, () => [3, 0, ...Array.from({ length: 8 }, () => 0)]),
      ]
      return isKept({ spec, temperature: 0, rows, drafted: rows.map((_, index) => (index === 0 ? 1 : 0)) }) ? 1 : 0
    },
  }
}

/** What depends on the place of the draft in the window. */
export function byIndex(spec: RuleSpec): Region {
  return {
    x: { label: 'index in the window', from: -0.5, to: 7.5 },
    y: share('p(x), the draft'),
    at(index, p) {
      const rows = Array.from({ length: 8 }, () => [Math.log(1 - p), Math.log(p)])
      const drafted = rows.map(() => 1)
      return shareKept(STRATA, (accept) =>
        isKept({ spec, temperature: 0, rows, drafted }, { accept, field: { at: () => 0.5 } }, Math.round(index)),
      )
    },
  }
}

/** What depends on the position of a mismatch. */
export function byPosition(spec: RuleSpec): Region {
  return {
    x: { label: 'position of a mismatch', from: -0.5, to: 11.5 },
    y: share('p(x), the draft'),
    at(position, p) {
      if (p >= 0.5) return 1
      const rows = [[Math.log(1 - p), Math.log(p)]]
      return isKept({ spec, temperature: 0, rows, drafted: [1], position: Math.round(position) }) ? 1 : 0
    },
  }
}
