import { type AcceptanceRule, judgeRun, pointMass, type SequenceNoise, type TokenId } from '@dsd-lab/core'
import { couplings } from './couplings.ts'
import { handNoise, LARGEST, thresholdOf } from './probe.ts'
import { allTexts, type ToyLanguage } from './toy-language.ts'

export interface FirstToken {
  /** A rule that puts the target's own choice in the place of what it rejects. */
  readonly rule: AcceptanceRule
  readonly language: ToyLanguage
  readonly gamma: number
  /** How drafts and own choices hang together. Default: as the rule makes its drafter draw. */
  readonly coupling?: keyof typeof couplings
}

export interface FirstTokenLaw {
  /** Law of the first token that comes out. `[vocab]` */
  readonly law: readonly number[]
  /** Probability that it is a draft which the target would not have chosen. */
  readonly relaxed: number
}

/** Exact law of the first token of a round, over all drafts and all own choices; what is kept is read off the real rule. */
export function firstTokenLaw({ rule, language, gamma, coupling = rule.drafting }: FirstToken): FirstTokenLaw {
  const { vocabSize } = language
  const law = new Array<number>(vocabSize).fill(0)
  let relaxed = 0
  const add = (id: TokenId, probability: number): void => {
    law[id] = (law[id] ?? 0) + probability
  }
  for (const drafted of allTexts(vocabSize, gamma)) {
    const joints = drafted.map((_, index) => jointAt(language, drafted.slice(0, index), coupling))
    for (const own of allTexts(vocabSize, gamma)) {
      const probability = joints.reduce(
        (product, joint, index) => product * joint(drafted[index] ?? 0, own[index] ?? 0),
        1,
      )
      if (probability === 0) continue
      const judge = (accept: number) => judged({ rule, language }, { drafted, own, accept })
      const kept = thresholdOf((accept) => judge(accept).accepted > 0)
      const [x = 0, t = 0] = [drafted[0], own[0]]
      add(x, probability * kept)
      if (kept < 1) add(judge(LARGEST).next, probability * (1 - kept))
      if (x !== t) relaxed += probability * kept
    }
  }
  return { law, relaxed }
}

function jointAt(language: ToyLanguage, prefix: readonly TokenId[], coupling: keyof typeof couplings) {
  const draft = language.draft(prefix) ?? pointMass(language.proposal(prefix), language.vocabSize)
  return couplings[coupling](language.target(prefix), draft)
}

interface Draws {
  readonly drafted: readonly TokenId[]
  /** The target's own choices. `[gamma]` */
  readonly own: readonly TokenId[]
  /** Uniform of the first position; others are willing. */
  readonly accept: number
}

function judged({ rule, language }: Pick<FirstToken, 'rule' | 'language'>, { drafted, own, accept }: Draws) {
  const laws = drafted.map((_, index) => language.draft(drafted.slice(0, index)))
  return judgeRun({
    rule,
    sampling: language.sampling,
    logits: language.windowLogits(drafted),
    vocabSize: language.vocabSize,
    firstPosition: 0,
    drafted,
    drafts: rule.needs === 'distribution' && laws.every((law) => law !== undefined) ? laws : undefined,
    noise: noiseChoosing(own, accept),
  })
}

/** Noise under which the target chooses these tokens, whatever positive probability they have. */
function noiseChoosing(own: readonly TokenId[], accept: number): SequenceNoise {
  const early = 2 ** -53
  return handNoise((position) => ({
    accept: position === 0 ? accept : early,
    field: { at: (id) => (id === own[position] ? early : 0.5) },
  }))
}

/** Half of the summed differences to the law of the target. */
export function deviationFromTarget({ law }: FirstTokenLaw, language: ToyLanguage): number {
  return (
    law.reduce((sum, probability, id) => sum + Math.abs(probability - language.target([]).probabilityOf(id)), 0) / 2
  )
}
