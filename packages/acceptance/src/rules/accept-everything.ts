import { defineRule } from '../define-rule.ts'
import { keepOwnOr } from './keep-if.ts'

/**
 * Keeps every draft: what the draft model would write, with a token of the target after each window. The far end of every
 * frontier of speed against accuracy; no published rule.
 *
 *     accept x;  after a fully kept window emit the target's own choice
 *
 * With x ~ q the output law of a drafted position is q, a deviation of TV(p, q). No parameters. Not lossless. Ids travel.
 */
export const acceptEverything = defineRule({
  name: 'accept-everything',
  parameters: {},
  create: () => ({ lossless: false, drawsWhenGreedy: false, decide: keepOwnOr(() => true) }),
})
