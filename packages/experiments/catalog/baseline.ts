import { coupled, experiment, sweep, task } from '@dsd-lab/experiments'

/** The first experiment anyone makes: what does speculative decoding gain over plain decoding, at the same text? */
export default experiment({
  title: 'What does speculative decoding gain over plain decoding, link by link?',
  models: { target: 'bundled:lab-target', draft: 'bundled:lab-draft' },
  tasks: [task('word-problems', { limit: 40 }), task('programs', { limit: 40 })],
  cluster: {
    nodes: sweep([1, 2, 4, 8]),
    compute: { baseMs: 10, perRowMs: 0.4 },
    link: sweep(['lan', 'metro', 'continental', 'intercontinental']),
  },
  arms: {
    autoregressive: { decode: 'autoregressive' },
    speculative: { decode: 'speculative', gamma: 4, accept: coupled() },
  },
  baseline: 'autoregressive',
  sampling: { temperature: 0 },
})
