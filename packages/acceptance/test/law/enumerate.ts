import { type AcceptanceRule, judgeRun, pointMass, type RunVerdict, type TokenId } from '@dsd-lab/core'
import { type HandNoise, handNoise, LARGEST, probeLaw, thresholdOf, willing } from './probe.ts'
import { allTexts, type ToyLanguage, targetProbability } from './toy-language.ts'

export interface Enumeration {
  readonly rule: AcceptanceRule
  readonly language: ToyLanguage
  readonly gamma: number
}

/** What one window with given drafts leads to: every (kept, next) with its exact probability over the judge's noise. */
export interface Outcome {
  readonly accepted: number
  readonly next: TokenId
  readonly probability: number
}

/**
 * Exact outcomes of the real rule on one window, whose drafts were drawn independently of the judge's noise: acceptance
 * probabilities and laws are read off the rule by probing its noise, not computed from its formula.
 */
export function windowOutcomes({ rule, language }: Omit<Enumeration, 'gamma'>, drafted: readonly TokenId[]): Outcome[] {
  const { vocabSize, sampling } = language
  const logits = language.windowLogits(drafted)
  const laws = drafted.map((_, index) => language.draft(drafted.slice(0, index)))
  const judge = (special: number, noise: HandNoise): RunVerdict =>
    judgeRun({
      rule,
      sampling,
      logits,
      vocabSize,
      firstPosition: 0,
      drafted,
      drafts: laws.every((law) => law !== undefined) ? laws : undefined,
      noise: handNoise((position) => (position === special ? noise : willing)),
    })
  const outcomes: Outcome[] = []
  let reached = 1
  for (let row = 0; row <= drafted.length && reached > 0; row++) {
    const kept = row === drafted.length ? 0 : thresholdOf((accept) => judge(row, { ...willing, accept }).accepted > row)
    if (kept < 1) {
      const { accepted } = judge(row, { ...willing, accept: LARGEST })
      const law = probeLaw(vocabSize, (field) => judge(row, { accept: LARGEST, field }).next)
      for (const [next, share] of law.entries()) {
        outcomes.push({ accepted, next, probability: reached * (1 - kept) * share })
      }
    }
    reached *= kept
  }
  return outcomes
}

/** All draft windows with the probability that the drafter draws them. */
export function draftWindows({ vocabSize, draft, proposal }: ToyLanguage, gamma: number) {
  return allTexts(vocabSize, gamma)
    .map((drafted) => ({
      drafted,
      probability: drafted.reduce((product, id, index) => {
        const prefix = drafted.slice(0, index)
        const law = draft(prefix) ?? pointMass(proposal(prefix), vocabSize)
        return product * law.probabilityOf(id)
      }, 1),
    }))
    .filter(({ probability }) => probability > 0)
}

/** Adds the law of a text of `length` tokens that begins with `emitted` and goes on by plain decoding. */
export function addContinuations(
  law: Map<string, number>,
  { language, length }: { readonly language: ToyLanguage; readonly length: number },
  { emitted, probability }: { readonly emitted: readonly TokenId[]; readonly probability: number },
): void {
  for (const rest of allTexts(language.vocabSize, length - emitted.length)) {
    const text = [...emitted, ...rest]
    const share = probability * targetProbability(language, text, emitted.length)
    law.set(text.join(), (law.get(text.join()) ?? 0) + share)
  }
}

/** Exact joint law of gamma + 1 tokens: one speculative round, then plain decoding. */
export function jointLaw({ rule, language, gamma }: Enumeration): Map<string, number> {
  const law = new Map<string, number>()
  for (const { drafted, probability } of draftWindows(language, gamma)) {
    for (const outcome of windowOutcomes({ rule, language }, drafted)) {
      const emitted = [...drafted.slice(0, outcome.accepted), outcome.next]
      addContinuations(
        law,
        { language, length: gamma + 1 },
        { emitted, probability: probability * outcome.probability },
      )
    }
  }
  return law
}

/** Largest difference from plain decoding of the target over all texts of `length` tokens. */
export function worstError(law: ReadonlyMap<string, number>, language: ToyLanguage, length: number): number {
  const errors = allTexts(language.vocabSize, length).map((text) =>
    Math.abs((law.get(text.join()) ?? 0) - targetProbability(language, text)),
  )
  return Math.max(...errors)
}
