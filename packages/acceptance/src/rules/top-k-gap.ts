import { argmaxLogit } from '@dsd-lab/core'
import { z } from 'zod'
import { defineRule } from '../define-rule.ts'
import { gapNats, keepOwnOr } from './keep-if.ts'
import { rankOf } from './rank.ts'

/**
 * Top-k with a gap (Xia et al. 2023, SpecDec, arXiv 2203.16487, section 3.3), p at temperature 1, t the target's own choice:
 *
 *     accept x iff x = t, or x is among the `beta` most likely and ln p(1) - ln p(x) <= gap;  on reject emit t
 *
 * Published for temperature 0, where t = argmax p. `beta`, integer of at least 1, default 5; `gap` >= 0 nats, default 3.0.
 * No token but t is kept that is less likely than exp(-gap) p(1). Lossless only at temperature 0 with beta 1. Ids travel.
 */
export const topKGap = defineRule({
  name: 'top-k-gap',
  parameters: {
    beta: z.int().gte(1).default(5).describe('an integer of at least 1'),
    gap: z.number().gte(0).default(3).describe('a number of nats, at least 0'),
  },
  create: ({ beta, gap }, { temperature }) => ({
    lossless: temperature === 0 && beta === 1,
    drawsWhenGreedy: false,
    decide: keepOwnOr((row) => rankOf(row) <= beta && gapNats(row, argmaxLogit(row.logits, row.position)) <= gap),
  }),
})
