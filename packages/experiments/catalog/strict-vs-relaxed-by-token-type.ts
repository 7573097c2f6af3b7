import { dsdAdaptive, experiment, randomRelaxation, strict, sweep, task } from '@dsd-lab/experiments'

/**
 * Which kinds of tokens a relaxed rule lets through, and where in the answer: by class and by place, beside the strict rule and a
 * control that relaxes blindly. `exp importance` on the same file measures which of them matter.
 */
export default experiment({
  title: 'Which tokens does a relaxed rule let through, by type and place?',
  models: { target: 'bundled:lab-target', draft: 'bundled:lab-draft' },
  tasks: [task('word-problems', { limit: 60 }), task('programs', { limit: 60 })],
  cluster: {
    nodes: 4,
    compute: { baseMs: 10, perRowMs: 0.4 },
    link: { latencyMs: 20, jitterMs: 1, bandwidthMbps: 200 },
  },
  arms: {
    autoregressive: { decode: 'autoregressive' },
    strict: { decode: 'speculative', gamma: 4, accept: strict() },
    adaptive: { decode: 'speculative', gamma: 4, accept: dsdAdaptive({ tau: sweep([0.2, 0.4]) }) },
    random: { decode: 'speculative', gamma: 4, accept: randomRelaxation({ matchRateOf: 'adaptive' }) },
  },
  baseline: 'strict',
  sampling: { temperature: 0 },
})
