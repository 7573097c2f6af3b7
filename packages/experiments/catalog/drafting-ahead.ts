import { dsdAdaptive, experiment, randomRelaxation, strict, sweep, task } from '@dsd-lab/experiments'

/** The next window is drafted while one travels: what that gains with draft models from quick to slow, and whether `gamma: 'auto'` knows. */
export default experiment({
  title: 'What does it gain to draft the next window while one travels?',
  models: { target: 'bundled:lab-target', draft: 'bundled:lab-draft' },
  tasks: [task('word-problems', { limit: 100 }), task('programs', { limit: 100 })],
  cluster: {
    nodes: sweep([2, 8]),
    compute: { baseMs: 5, perRowMs: 0.2, draftStepMs: sweep([1, 5, 20]) },
    link: { latencyMs: 20, jitterMs: 2, bandwidthMbps: 200 },
  },
  arms: {
    autoregressive: { decode: 'autoregressive' },
    strict: { decode: 'speculative', gamma: sweep([4, 8, 'auto']), accept: strict() },
    strictAhead: { decode: 'speculative', gamma: sweep([4, 8, 'auto']), accept: strict(), draftAhead: true },
    adaptiveAhead: { decode: 'speculative', gamma: 8, accept: dsdAdaptive({ tau: 0.4 }), draftAhead: true },
    random: {
      decode: 'speculative',
      gamma: 8,
      accept: randomRelaxation({ matchRateOf: 'adaptiveAhead' }),
      draftAhead: true,
    },
  },
  baseline: 'strict',
  sampling: { temperature: 0 },
  live: { cells: 2, prompts: 2 },
})
