import { experiment, strict, sweep, task } from '@dsd-lab/experiments'

/**
 * Claims: DSD saves (N-1) t1 (k-1)/k of communication a token, about 37 % at eight nodes, most where 3 t0 < t1 < 10 t0. The links run from
 * far below t0, the compute of one token over the whole model (5 to 21 ms here), to far above.
 */
export default experiment({
  title: 'How much communication does DSD save, and at which ratio of link latency to compute?',
  models: { target: 'bundled:lab-target', draft: 'bundled:lab-draft' },
  tasks: [task('word-problems', { limit: 100 }), task('programs', { limit: 100 })],
  cluster: {
    nodes: sweep([2, 4, 8]),
    compute: { baseMs: 2.5, perRowMs: 0.1 },
    link: { latencyMs: sweep([1, 3, 5, 15, 60, 120, 400]), jitterMs: 0, bandwidthMbps: 200 },
  },
  arms: {
    autoregressive: { decode: 'autoregressive' },
    strict: { decode: 'speculative', gamma: sweep([4, 8]), accept: strict() },
  },
  baseline: 'autoregressive',
  sampling: { temperature: 0 },
})
