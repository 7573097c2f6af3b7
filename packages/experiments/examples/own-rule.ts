import {
  correct,
  defineRule,
  experiment,
  keep,
  registerRule,
  relax,
  sweep,
  sweepableRule,
  targetToken,
  task,
  z,
} from '@dsd-lab/experiments'

/** Keeps a draft that is the target's own choice, or a runner-up within `nats` of it. */
const runnerUp = defineRule({
  name: 'runner-up',
  parameters: { nats: z.number().gte(0).describe('a number of at least 0') },
  create: ({ nats }) => ({
    lossless: nats === 0,
    drawsWhenGreedy: false,
    decide(row) {
      const own = targetToken(row)
      const behind = (row.logits[own] ?? 0) - (row.logits[row.drafted] ?? 0)
      if (row.drafted === own) return keep()
      return behind < nats ? relax() : correct(own)
    },
  }),
})
registerRule(runnerUp)

export default experiment({
  title: 'How far may a draft lie behind?',
  models: { target: 'bundled:lab-target', draft: 'bundled:lab-draft' },
  tasks: [task('programs', { limit: 3, maxTokens: 24 })],
  cluster: { nodes: 2, compute: { baseMs: 10, perRowMs: 0.4 }, link: { latencyMs: 5 } },
  arms: {
    exact: { decode: 'speculative', gamma: 4, accept: sweepableRule(runnerUp)({ nats: 0 }) },
    near: { decode: 'speculative', gamma: 4, accept: sweepableRule(runnerUp)({ nats: sweep([0.2, 0.7]) }) },
  },
  baseline: 'exact',
  live: { cells: 2, prompts: 1 },
})
