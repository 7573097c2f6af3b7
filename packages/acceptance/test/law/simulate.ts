import {
  type AcceptanceRule,
  type Distribution,
  draftNoise,
  judgeRun,
  mostLikely,
  sampleToken,
  sequenceNoise,
  type TokenId,
  type UniformField,
} from '@dsd-lab/core'
import type { ToyLanguage } from './toy-language.ts'

export interface Simulation {
  readonly rule: AcceptanceRule
  readonly language: ToyLanguage
  readonly gamma: number
  readonly seed: number
}

/** Draws one draft window as a drafter would, in the mode that the rule asks for. */
export function drawDrafts({ rule, language, gamma, seed }: Simulation, sequence: number) {
  const noise = draftNoise({ seed, sequence, drafting: rule.drafting })
  const drafted: TokenId[] = []
  const drafts: Distribution[] = []
  while (drafted.length < gamma) {
    const law = language.draft(drafted)
    if (law !== undefined) drafts.push(law)
    drafted.push(law === undefined ? language.proposal(drafted) : drawn(law, rule, noise.at(drafted.length)))
  }
  return { drafted, drafts: drafts.length === gamma && rule.needs === 'distribution' ? drafts : undefined }
}

function drawn(law: Distribution, { drafting }: AcceptanceRule, field: UniformField): TokenId {
  return drafting === 'greedy' ? mostLikely(law) : sampleToken(law, field)
}

/** The first `length` tokens of a text decoded in rounds, with the real keyed noise. */
export function decodeText(
  simulation: Simulation,
  { sequence, length }: { sequence: number; length: number },
): TokenId[] {
  const { rule, language, seed } = simulation
  const { sampling, vocabSize } = language
  const noise = sequenceNoise({ seed, sequence })
  const { drafted, drafts } = drawDrafts(simulation, sequence)
  const logits = language.windowLogits(drafted)
  const first = judgeRun({ rule, sampling, logits, vocabSize, firstPosition: 0, drafted, drafts, noise })
  const text = [...drafted.slice(0, first.accepted), first.next]
  while (text.length < length) {
    const row = language.targetLogits(text)
    const { next } = judgeRun({
      rule,
      sampling,
      logits: row,
      vocabSize,
      firstPosition: text.length,
      drafted: [],
      noise,
    })
    text.push(next)
  }
  return text.slice(0, length)
}
