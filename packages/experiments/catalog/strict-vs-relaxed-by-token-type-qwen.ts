import { dsdAdaptive, experiment, randomRelaxation, strict, task } from '@dsd-lab/experiments'

/**
 * The question of `strict-vs-relaxed-by-token-type` to a real pair, on code and maths. `exp importance` on this file measures which
 * tokens matter to it, in some three hours on two cores.
 */
export default experiment({
  title:
    'Which tokens does a relaxed rule let through on a real 1.5B target with a 0.5B draft model, by type and place?',
  models: { target: 'qwen2.5-coder-1.5b', draft: 'qwen2.5-coder-0.5b' },
  tasks: [task('humaneval', { limit: 60 }), task('gsm8k', { limit: 60 })],
  cluster: {
    nodes: 4,
    compute: 'measured',
    link: { latencyMs: 20, jitterMs: 1, bandwidthMbps: 200 },
  },
  arms: {
    autoregressive: { decode: 'autoregressive' },
    strict: { decode: 'speculative', gamma: 8, accept: strict() },
    adaptive: { decode: 'speculative', gamma: 8, accept: dsdAdaptive({ tau: 0.5 }) },
    random: { decode: 'speculative', gamma: 8, accept: randomRelaxation({ matchRateOf: 'adaptive' }) },
  },
  baseline: 'strict',
  sampling: { temperature: 0 },
})
