import { describe, expect, it } from 'vitest'
import { answerHypotheses } from '../../src/importance/evaluation/answer-hypotheses.ts'
import { type Label, labelSchema } from '../../src/importance/schema.ts'

function label({ entropy, item }: { readonly entropy: number; readonly item: string }): Label {
  const signals = {
    ...{ entropy, top3Entropy: 0, top1: 1, margin: 0, gap: 0, surprisal: 0, rank: 0, overlap: 0 },
    ...{ klTargetDraft: 0, klDraftTarget: 0, js: 0, entropyRatio: 0, agreement: 1 },
  }
  return labelSchema.parse({
    ...{ at: 0, place: 'prose', token: 1, draft: 2, tokenClass: 'number', draftClass: 'number', signals },
    ...{ kind: 'independent', flipped: 2, rewritten: 1, important: true },
    ...{ task: 'sums', item, sequence: 0, position: 4 },
  })
}

describe('both hypotheses of importance', () => {
  it('a resample without a flip on one side is left out: what is always so differs by nothing, for sure', () => {
    // Every flip costs the answer; those of low entropy are all in one prompt, those of high entropy in another.
    const bands = ['first', 'second', 'third', 'fourth']
    const labels = bands.flatMap((item, band) =>
      Array.from({ length: 4 }, (_, place) => label({ entropy: band + place / 10, item })),
    )
    const [hypotheses] = answerHypotheses(labels)
    expect(hypotheses?.importantLowMinusHigh).toEqual({ estimate: 0, low: 0, high: 0 })
    expect(hypotheses?.rewrittenHighMinusLow).toEqual({ estimate: 0, low: 0, high: 0 })
  })
})
