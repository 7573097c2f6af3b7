import { coupled, experiment, sweep, task } from '@dsd-lab/experiments'

/** Where does the time of a round go? Compute as measured on this machine, over every cut of the target and every window. */
export default experiment({
  title: 'What does a round cost, by number of nodes and size of the window?',
  models: { target: 'bundled:lab-target', draft: 'bundled:lab-draft' },
  tasks: [task('word-problems', { limit: 30 })],
  cluster: {
    nodes: sweep([1, 2, 3, 4, 6, 8]),
    compute: 'measured',
    link: { latencyMs: sweep([0, 5, 20]), jitterMs: 0, bandwidthMbps: 200 },
  },
  arms: {
    autoregressive: { decode: 'autoregressive' },
    speculative: { decode: 'speculative', gamma: sweep([1, 2, 4, 8]), accept: coupled() },
  },
  baseline: 'autoregressive',
  live: { cells: 3, prompts: 3 },
})
