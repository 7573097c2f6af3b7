import { dsdAdaptive, experiment, randomRelaxation, strict, sweep, task } from '@dsd-lab/experiments'

/**
 * The bundled Llama-style pair on maths and code; it was not trained for chat.
 * The same question to other pairs: `architectures-and-domains`, `-smollm2`, `-qwen`; an experiment has one pair, so each is a file.
 */
export default experiment({
  title: 'Maths and code on the bundled pair: where does DSD pay?',
  models: { target: 'bundled:lab-target', draft: 'bundled:lab-draft' },
  tasks: [task('word-problems', { limit: 100 }), task('programs', { limit: 100 })],
  cluster: {
    nodes: sweep([2, 8]),
    compute: { baseMs: 2.5, perRowMs: 0.1 },
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
