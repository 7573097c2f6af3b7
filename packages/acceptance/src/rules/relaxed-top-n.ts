import { argmaxLogit, type DraftedRow } from '@dsd-lab/core'
import { z } from 'zod'
import { defineRule } from '../define-rule.ts'
import { keepOwnOr } from './keep-if.ts'
import { rankOf } from './rank.ts'

/**
 * Relaxed acceptance of TensorRT-LLM, there for the thinking phase of reasoning models only; p at temperature 1, t the
 * target's own choice:
 *
 *     accept x iff x = t, or in the phase x is among the `n` most likely and p(x) >= p(1) - delta;  on reject emit t
 *
 * `n`, integer of at least 1, default 10; `delta` in [0, 1], default 0.6; `phase`, the ids that open and close it
 * (`<think>`, `</think>`), default everywhere: a position is in the phase when an opening id stands before it, and no closing
 * id after that. Published for temperature 0, where t = argmax p. No token but t is kept that is less likely than p(1) - delta.
 * Lossless only at temperature 0 with n 1. Ids travel.
 */
export const relaxedTopN = defineRule({
  name: 'relaxed-top-n',
  parameters: {
    n: z.int().gte(1).default(10).describe('an integer of at least 1'),
    delta: z.number().gte(0).lte(1).default(0.6).describe('a number from 0 to 1'),
    phase: z
      .strictObject({ begin: ids(), end: ids() })
      .exactOptional()
      .describe('{ begin: [ids that open it], end: [ids that close it] }, or leave it out'),
  },
  create: ({ n, delta, phase }, { temperature }) => ({
    lossless: temperature === 0 && n === 1,
    drawsWhenGreedy: false,
    decide: keepOwnOr((row) => {
      if (phase !== undefined && !isWithin(row, phase)) return false
      const { untempered: p, logits, position, drafted } = row
      return rankOf(row) <= n && p.probabilityOf(drafted) >= p.probabilityOf(argmaxLogit(logits, position)) - delta
    }),
  }),
})

interface Phase {
  readonly begin: readonly number[]
  readonly end: readonly number[]
}

/** The last marker before the row decides. */
function isWithin({ preceding }: DraftedRow, { begin, end }: Phase): boolean {
  const marker = preceding.findLast((id) => begin.includes(id) || end.includes(id))
  return marker !== undefined && begin.includes(marker)
}

function ids() {
  return z.array(z.int().gte(0)).nonempty()
}
