import { type JudgedRow, targetToken, topIndices } from '@dsd-lab/core'
import { z } from 'zod'
import { defineRule } from '../define-rule.ts'
import { keepOwnOr } from './keep-if.ts'

/**
 * Deferred decision (FLy, arXiv 2511.22972): a mismatch is judged by what follows it. The rows behind it were computed given
 * the drafted token, so that a target which goes on agreeing has taken it in. t is the target's own choice:
 *
 *     accept x iff x = t, or H3(p) >= h and each of the next W - 1 drafts of the window matches;  on reject emit t
 *
 * H3 = -sum p ln p over the three most likely tokens, p at temperature 1 and not renormalised: where the target is certain, no
 * mismatch passes. The last W - 1 drafts of a window are strict, having too little behind them: choose gamma well above `w`.
 * Published for temperature 0, where t = argmax p. `w`, integer of at least 1, default 6; `h` in [0, 1.11] nats, default 0.3.
 * Not lossless. Ids travel.
 */
export const deferredWindow = defineRule({
  name: 'deferred-window',
  parameters: {
    w: z.int().gte(1).default(6).describe('an integer of at least 1'),
    h: z.number().gte(0).lte(1.11).default(0.3).describe('a number of nats from 0 to 1.11'),
  },
  create: ({ w, h }) => ({
    lossless: false,
    drawsWhenGreedy: false,
    looksAhead: true,
    decide: keepOwnOr((row, _, ahead) => {
      const next = ahead.slice(0, w - 1)
      return next.length === w - 1 && next.every(isMatch) && topThreeEntropyNats(row) >= h
    }),
  }),
})

/** False on the bonus row, which has no draft. */
function isMatch(row: JudgedRow): boolean {
  return row.drafted === targetToken(row)
}

function topThreeEntropyNats({ logits, untempered }: JudgedRow): number {
  const top = Array.from(topIndices(logits, 3), (id) => untempered.probabilityOf(id))
  return top.reduce((sum, p) => sum - (p > 0 ? p * Math.log(p) : 0), 0)
}
