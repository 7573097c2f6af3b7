import { experiment, promptLookup, strict, sweep, task } from '@dsd-lab/experiments'

/** How far does drafting without a model go? Open prompts, a real chat model, windows copied from the text so far. */
export default experiment({
  title: 'What does drafting from the text itself gain on open chat prompts?',
  models: { target: 'smollm2-135m', draft: promptLookup() },
  tasks: [task('mt-bench')],
  cluster: {
    nodes: sweep([2, 4]),
    compute: 'measured',
    link: { latencyMs: sweep([10, 50]), jitterMs: 1, bandwidthMbps: 200 },
  },
  arms: {
    autoregressive: { decode: 'autoregressive' },
    lookup: { decode: 'speculative', gamma: 4, accept: strict() },
  },
  baseline: 'autoregressive',
  sampling: { temperature: 0 },
})
