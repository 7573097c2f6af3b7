import { experiment, strict, sweep, task } from '@dsd-lab/experiments'

/**
 * Claim: T_DSD = k t0 + (N-1) t1 against T_std = k (t0 + (N-1) t1). The formula leaves out drafting, the rows of a window, bandwidth and the
 * way from and to the coordinator; here each of them can matter.
 */
export default experiment({
  title: 'How well does the cost formula of the paper predict the speed-up, and where does it fail?',
  models: { target: 'bundled:lab-target', draft: 'bundled:lab-draft' },
  tasks: [task('word-problems', { limit: 100 }), task('programs', { limit: 100 })],
  cluster: {
    nodes: sweep([2, 4, 8]),
    compute: { baseMs: 2.5, perRowMs: 0.1 },
    link: { latencyMs: sweep([1, 10, 100]), jitterMs: 0, bandwidthMbps: sweep([10, 200]) },
  },
  arms: {
    autoregressive: { decode: 'autoregressive' },
    strict: { decode: 'speculative', gamma: sweep([1, 2, 4, 8, 16]), accept: strict() },
  },
  baseline: 'autoregressive',
  sampling: { temperature: 0 },
})
