import { dsdAdaptive, experiment, randomRelaxation, strict, sweep, task } from '@dsd-lab/experiments'

/**
 * The default experiment: plain decoding, strict DSD and adaptive DSD over node counts and link latencies, with the control
 * without which an adaptive gain means nothing.
 */
export default experiment({
  title: 'What does adaptive acceptance buy, and what does it cost?',
  models: { target: 'bundled:lab-target', draft: 'bundled:lab-draft' },
  tasks: [task('word-problems', { limit: 16 }), task('programs', { limit: 12 })],
  cluster: {
    nodes: sweep([2, 4, 8]),
    compute: { baseMs: 10, perRowMs: 0.4 },
    link: { latencyMs: sweep([5, 20, 50]), jitterMs: 1, bandwidthMbps: 200 },
  },
  arms: {
    autoregressive: { decode: 'autoregressive' },
    strict: { decode: 'speculative', gamma: sweep([2, 4, 8]), accept: strict() },
    adaptive: { decode: 'speculative', gamma: 4, accept: dsdAdaptive({ tau: sweep([0.1, 0.2, 0.4]) }) },
    random: { decode: 'speculative', gamma: 4, accept: randomRelaxation({ matchRateOf: 'adaptive' }) },
  },
  baseline: 'strict',
  sampling: { temperature: 0 },
  seeds: [1],
  live: { cells: 2, prompts: 4 },
})
