import { entropyNats, type ImportanceReason, jsDivergence, type TokenClass } from '@dsd-lab/core'
import type { Evidence } from './evidence.ts'

/** What a scorer answers: how much it matters that this token is the target's own, and why. */
export interface Importance {
  /** In [0, 1]. */
  readonly importance: number
  /** What speaks for it; empty for a token that does not count as important. */
  readonly reasons: readonly ImportanceReason[]
}

/** Log-odds per unit of each signal; every signal lies in [0, 1], so a coefficient is the most that it can add. */
export interface ScoreCoefficients {
  /** Log-odds of a flat law, no disagreement and a token of no class. */
  readonly intercept: number
  /** Of exp(-H), the certainty of the untempered target law. */
  readonly certainty: number
  /** Of H / ln vocab, for the opposite hypothesis that forks are what matters. */
  readonly fork: number
  /** Of 1 - exp(-(z1 - z2)) = 1 - p2 / p1, the lead of the best token. */
  readonly margin: number
  /** Of 1 - exp(-(z1 - z(proposed))), what the target would give up by taking the draft. */
  readonly draftGap: number
  /** Of JS(p, q) / ln 2; 0 where the draft law does not travel. */
  readonly divergence: number
  /** Added for a number, operator, name, negation, keyword or identifier. */
  readonly keyClass: number
  /** Added for a function word, punctuation or whitespace. */
  readonly plainClass: number
}

/**
 * Reasoned, not fitted. A flat, neutral position must come out near 0 (intercept -3). A certain target alone is not
 * enough (2 + 1 leaves even odds): it takes a class that carries meaning or a draft that the target holds to be wrong.
 * Divergence repeats part of the gap and gets less; being a fork speaks for nothing until data says so.
 */
export const defaultCoefficients: ScoreCoefficients = {
  intercept: -3,
  certainty: 2,
  fork: 0,
  margin: 1,
  draftGap: 2,
  divergence: 1.5,
  keyClass: 2,
  plainClass: -1,
}

/** Importance above this counts as important, unless a rule says otherwise. */
export const DEFAULT_THRESHOLD = 0.5

/** A term must add this much log-odds to be named as a reason: it multiplies the odds by 1.6. */
const REASON_LOG_ODDS = 0.5

export interface ScoreOptions {
  readonly coefficients?: ScoreCoefficients
  /** Importance above which reasons are given. In [0, 1], default 0.5. */
  readonly threshold?: number
}

/**
 * Importance = sigma(intercept + sum of coefficient * signal), a logistic score of entropy, margin, draft gap, divergence
 * and token class. The reasons are the terms that argue for it.
 */
export function scoreImportance(
  evidence: Evidence,
  { coefficients = defaultCoefficients, threshold = DEFAULT_THRESHOLD }: ScoreOptions = {},
): Importance {
  const terms = termsOf(evidence, coefficients)
  const logOdds = terms.reduce((sum, { value }) => sum + value, coefficients.intercept)
  const importance = 1 / (1 + Math.exp(-logOdds))
  if (importance <= threshold) return { importance, reasons: [] }
  const named = terms.flatMap(({ reason, value }) => (reason !== undefined && value >= REASON_LOG_ODDS ? [reason] : []))
  return { importance, reasons: [...new Set(named)] }
}

interface Term {
  readonly reason: ImportanceReason | undefined
  readonly value: number
}

function termsOf(evidence: Evidence, weight: ScoreCoefficients): Term[] {
  const { logits, untempered, target, draft, best, second, proposed, classes } = evidence
  const entropy = entropyNats(untempered)
  const lossNats = (id: number | undefined): number => (id === undefined ? 0 : (logits[best] ?? 0) - (logits[id] ?? 0))
  return [
    { reason: 'low-entropy', value: weight.certainty * Math.exp(-entropy) },
    { reason: 'high-entropy', value: (weight.fork * entropy) / Math.log(untempered.vocabSize) },
    { reason: 'margin', value: weight.margin * -Math.expm1(-lossNats(second)) },
    { reason: 'draft-gap', value: weight.draftGap * -Math.expm1(-lossNats(proposed)) },
    {
      reason: 'divergence',
      value: draft === undefined ? 0 : (weight.divergence * jsDivergence(target, draft)) / Math.LN2,
    },
    classTerm(classes, weight),
  ]
}

const KEY_REASONS: ReadonlyMap<TokenClass, ImportanceReason> = new Map([
  ['number', 'number'],
  ['operator', 'operator'],
  ['name', 'name'],
  ['negation', 'negation'],
  ['keyword', 'keyword'],
  ['identifier', 'identifier'],
])

/** The reason that a class stands for; undefined for classes that do not make a token important by themselves. */
export function reasonOfClass(tokenClass: TokenClass): ImportanceReason | undefined {
  return KEY_REASONS.get(tokenClass)
}

function classTerm(classes: readonly TokenClass[], { keyClass, plainClass }: ScoreCoefficients): Term {
  const reason = classes.map(reasonOfClass).find((found) => found !== undefined)
  if (reason !== undefined) return { reason, value: keyClass }
  const plain = classes.length > 0 && classes.every((name) => PLAIN_CLASSES.has(name))
  return { reason: undefined, value: plain ? plainClass : 0 }
}

const PLAIN_CLASSES: ReadonlySet<TokenClass> = new Set(['function-word', 'punctuation', 'whitespace'])
