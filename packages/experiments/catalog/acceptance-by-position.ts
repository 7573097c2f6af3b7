import { coupled, experiment, sweep, task } from '@dsd-lab/experiments'

/** Does acceptance decay inside the window? A model with one alpha for every position cannot reproduce a sweep over windows. */
export default experiment({
  title: 'How does acceptance change with the position in the draft window?',
  models: { target: 'bundled:lab-target', draft: 'bundled:lab-draft' },
  tasks: [task('word-problems', { limit: 60 }), task('programs', { limit: 60 })],
  cluster: { nodes: 4, compute: { baseMs: 10, perRowMs: 0.4 }, link: { latencyMs: 20 } },
  arms: {
    autoregressive: { decode: 'autoregressive' },
    speculative: { decode: 'speculative', gamma: sweep([1, 2, 4, 8, 12, 16]), accept: coupled() },
  },
  baseline: 'autoregressive',
  sampling: { temperature: 0.8 },
  seeds: [1, 2],
})
