import { dsdAdaptive, experiment, randomRelaxation, strict, sweep, task } from '@dsd-lab/experiments'

/**
 * A Qwen2 pair on code, maths and chat.
 * The same question to other pairs: `architectures-and-domains`, `-smollm2`, `-qwen`; an experiment has one pair, so each is a file.
 */
export default experiment({
  title: 'Code, maths and chat on a Qwen2.5-Coder pair: where does DSD pay?',
  models: { target: 'qwen2.5-coder-1.5b', draft: 'qwen2.5-coder-0.5b' },
  tasks: [task('humaneval', { limit: 40 }), task('gsm8k', { limit: 40 }), task('mt-bench', { limit: 40 })],
  cluster: {
    nodes: sweep([2, 8]),
    compute: 'measured',
    link: { latencyMs: sweep([5, 50]), jitterMs: 1, bandwidthMbps: 200 },
  },
  arms: {
    autoregressive: { decode: 'autoregressive' },
    strict: { decode: 'speculative', gamma: 4, accept: strict() },
    adaptive: { decode: 'speculative', gamma: 4, accept: dsdAdaptive({ tau: 0.2 }) },
    random: { decode: 'speculative', gamma: 4, accept: randomRelaxation({ matchRateOf: 'adaptive' }) },
  },
  baseline: 'strict',
  sampling: { temperature: 0 },
})
