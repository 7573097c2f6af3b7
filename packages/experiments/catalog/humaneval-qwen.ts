import { experiment, strict, sweep, task } from '@dsd-lab/experiments'

/** HumanEval, judged by running the answers, on a real pair of one family; hours on a few cores, and resumable at any item. */
export default experiment({
  title: 'What does speculative decoding gain on HumanEval with a real 1.5B target and a 0.5B draft model?',
  models: { target: 'qwen2.5-coder-1.5b', draft: 'qwen2.5-coder-0.5b' },
  tasks: [task('humaneval')],
  cluster: {
    nodes: sweep([2, 4]),
    compute: 'measured',
    link: { latencyMs: sweep([10, 20]), jitterMs: 1, bandwidthMbps: 200 },
  },
  arms: {
    autoregressive: { decode: 'autoregressive' },
    strict: { decode: 'speculative', gamma: sweep([4, 8]), accept: strict() },
  },
  baseline: 'autoregressive',
  sampling: { temperature: 0 },
  live: { cells: 1, prompts: 2 },
})
