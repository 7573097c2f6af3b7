import { dsdAdaptive, experiment, promptLookup, randomRelaxation, strict, sweep, task } from '@dsd-lab/experiments'

/**
 * A small chat model of the Llama family on code, maths and chat, drafted for by the text itself.
 * The same question to other pairs: `architectures-and-domains`, `-smollm2`, `-qwen`; an experiment has one pair, so each is a file.
 */
export default experiment({
  title: 'Code, maths and chat on SmolLM2, drafted from the text: where does DSD pay?',
  models: { target: 'smollm2-135m', draft: promptLookup() },
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
