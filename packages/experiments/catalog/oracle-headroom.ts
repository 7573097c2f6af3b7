import { dsdAdaptive, experiment, oracle, randomRelaxation, strict, sweep, task } from '@dsd-lab/experiments'

/**
 * The ceiling of adaptive acceptance: a rule that knows from measured labels which mismatches the answer hangs on, against rules that
 * guess it. The problems are others than those that the shipped scorer was fitted to. The labels ship; to measure them anew, first
 *
 *     pnpm exp importance oracle-headroom.ts --effect 0
 */
export default experiment({
  title: 'How far is adaptive acceptance from a rule that knows which tokens matter?',
  models: { target: 'bundled:lab-target', draft: 'bundled:lab-draft' },
  tasks: [task('word-problems', { limit: 60, seed: 2, maxTokens: 120 })],
  cluster: {
    nodes: 4,
    compute: { baseMs: 10, perRowMs: 0.4 },
    link: { latencyMs: 20, jitterMs: 1, bandwidthMbps: 200 },
  },
  arms: {
    autoregressive: { decode: 'autoregressive' },
    strict: { decode: 'speculative', gamma: 8, accept: strict() },
    adaptive: { decode: 'speculative', gamma: 8, accept: dsdAdaptive({ tau: sweep([0.5, 1]) }) },
    fitted: { decode: 'speculative', gamma: 8, accept: dsdAdaptive({ tau: sweep([0.5, 1]), scorer: 'fitted' }) },
    oracle: { decode: 'speculative', gamma: 8, accept: oracle({ labels: 'measured' }) },
    chanceAsAdaptive: { decode: 'speculative', gamma: 8, accept: randomRelaxation({ matchRateOf: 'adaptive' }) },
    chanceAsFitted: { decode: 'speculative', gamma: 8, accept: randomRelaxation({ matchRateOf: 'fitted' }) },
    chanceAsOracle: { decode: 'speculative', gamma: 8, accept: randomRelaxation({ matchRateOf: 'oracle' }) },
  },
  baseline: 'strict',
  sampling: { temperature: 0 },
})
