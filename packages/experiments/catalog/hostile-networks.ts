import { dsdAdaptive, experiment, randomRelaxation, strict, sweep, task } from '@dsd-lab/experiments'

/** What narrow, unsteady and lossy links do to every arm. A lost frame costs a retransmission timeout, so fewer trips lose fewer frames. */
export default experiment({
  title: 'What is left of the speed-up on narrow, unsteady and lossy links?',
  models: { target: 'bundled:lab-target', draft: 'bundled:lab-draft' },
  tasks: [task('word-problems', { limit: 100 }), task('programs', { limit: 100 })],
  cluster: {
    nodes: sweep([2, 8]),
    compute: { baseMs: 2.5, perRowMs: 0.1 },
    link: {
      latencyMs: 20,
      jitterMs: sweep([0, 15]),
      bandwidthMbps: sweep([1, 10, 200]),
      loss: sweep([0, 0.01, 0.05]),
    },
  },
  arms: {
    autoregressive: { decode: 'autoregressive' },
    strict: { decode: 'speculative', gamma: sweep([4, 8]), accept: strict() },
    adaptive: { decode: 'speculative', gamma: 4, accept: dsdAdaptive({ tau: 0.2 }) },
    random: { decode: 'speculative', gamma: 4, accept: randomRelaxation({ matchRateOf: 'adaptive' }) },
  },
  baseline: 'strict',
  sampling: { temperature: 0 },
})
