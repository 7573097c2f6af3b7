import { dsdAdaptive, experiment, randomRelaxation, strict, sweep, task } from '@dsd-lab/experiments'

/**
 * GSM8K, the first 200 problems of the test split, on a real pair of one family: plain decoding, strict and adaptive DSD, and the random
 * control of each adaptive arm. Many hours on a few cores, and resumable at any item.
 */
export default experiment({
  title:
    'What do strict and adaptive DSD gain on GSM8K with a real 1.5B target and a 0.5B draft model, and at what accuracy?',
  models: { target: 'qwen2.5-coder-1.5b', draft: 'qwen2.5-coder-0.5b' },
  tasks: [task('gsm8k', { limit: 200 })],
  cluster: {
    nodes: sweep([2, 4, 8]),
    compute: 'measured',
    link: { latencyMs: sweep([5, 10, 20, 80]), jitterMs: 1, bandwidthMbps: 200 },
  },
  arms: {
    autoregressive: { decode: 'autoregressive' },
    strict: { decode: 'speculative', gamma: sweep([4, 8]), accept: strict() },
    adaptive: { decode: 'speculative', gamma: 8, accept: dsdAdaptive({ tau: sweep([0.2, 0.4, 0.5]) }) },
    random: { decode: 'speculative', gamma: 8, accept: randomRelaxation({ matchRateOf: 'adaptive' }) },
  },
  baseline: 'strict',
  sampling: { temperature: 0 },
  live: { cells: 1, prompts: 2 },
})
