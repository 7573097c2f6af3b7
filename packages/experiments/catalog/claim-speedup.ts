import { dsdAdaptive, experiment, randomRelaxation, strict, sweep, task } from '@dsd-lab/experiments'

/**
 * Claim: DSD is up to 2.56 times as fast as plain decoding on programs, and 2.59 times on maths. Here generated programs and word
 * problems stand in for HumanEval and GSM8K.
 */
export default experiment({
  title: 'How many times faster than plain decoding is DSD on 4 to 8 nodes?',
  models: { target: 'bundled:lab-target', draft: 'bundled:lab-draft' },
  tasks: [task('word-problems', { limit: 100 }), task('programs', { limit: 100 })],
  cluster: {
    nodes: sweep([4, 8]),
    compute: { baseMs: 2.5, perRowMs: 0.1 },
    link: { latencyMs: sweep([1, 3, 20, 100]), jitterMs: 1, bandwidthMbps: 200 },
  },
  arms: {
    autoregressive: { decode: 'autoregressive' },
    strict: { decode: 'speculative', gamma: sweep([2, 4, 8]), accept: strict() },
    adaptive: { decode: 'speculative', gamma: 4, accept: dsdAdaptive({ tau: sweep([0.1, 0.2, 0.4]) }) },
    random: { decode: 'speculative', gamma: 4, accept: randomRelaxation({ matchRateOf: 'adaptive' }) },
  },
  baseline: 'strict',
  sampling: { temperature: 0 },
  live: { cells: 2, prompts: 4 },
})
