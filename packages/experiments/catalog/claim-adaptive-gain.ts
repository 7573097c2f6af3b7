import { dsdAdaptive, experiment, randomRelaxation, strict, sweep, task } from '@dsd-lab/experiments'

/**
 * Claims: adaptive acceptance brings up to 15 to 20 % more than strict, and accuracy is kept. Each adaptive arm stands beside a control
 * that relaxes as often, by chance. A window caps what a round can gain, so several are tried.
 */
export default experiment({
  title: 'What does adaptive acceptance add to strict DSD, at what accuracy, and would relaxing by chance do as well?',
  models: { target: 'bundled:lab-target', draft: 'bundled:lab-draft' },
  tasks: [task('word-problems', { limit: 100 }), task('programs', { limit: 100 })],
  cluster: {
    nodes: sweep([4, 8]),
    compute: { baseMs: 2.5, perRowMs: 0.1 },
    link: { latencyMs: sweep([3, 20, 100]), jitterMs: 1, bandwidthMbps: 200 },
  },
  arms: {
    strict: { decode: 'speculative', gamma: sweep([4, 8, 16]), accept: strict() },
    adaptive: { decode: 'speculative', gamma: sweep([4, 8, 16]), accept: dsdAdaptive({ tau: sweep([0.2, 0.4, 0.5]) }) },
    random: { decode: 'speculative', gamma: sweep([4, 8, 16]), accept: randomRelaxation({ matchRateOf: 'adaptive' }) },
  },
  baseline: 'strict',
  sampling: { temperature: 0 },
})
