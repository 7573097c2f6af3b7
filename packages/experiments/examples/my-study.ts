import { dsdAdaptive, experiment, strict, sweep, task } from '@dsd-lab/experiments'

export default experiment({
  title: 'my-study: how fast is speculative decoding, and does it stay right?',
  models: { target: 'bundled:lab-target', draft: 'bundled:lab-draft' },
  tasks: [task('word-problems', { limit: 10 })],
  cluster: {
    nodes: sweep([2, 4]),
    compute: { baseMs: 10, perRowMs: 0.4 },
    link: { latencyMs: 20, jitterMs: 1, bandwidthMbps: 200 },
  },
  arms: {
    autoregressive: { decode: 'autoregressive' },
    strict: { decode: 'speculative', gamma: sweep([2, 4]), accept: strict() },
    adaptive: { decode: 'speculative', gamma: 4, accept: dsdAdaptive({ tau: 0.2 }) },
  },
  baseline: 'strict',
  sampling: { temperature: 0 },
})
