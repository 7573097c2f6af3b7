import {
  acceptEverything,
  deferredWindow,
  divergence,
  dsdAdaptive,
  experiment,
  klJudge,
  lenience,
  margin,
  marginNats,
  oracle,
  randomRelaxation,
  relaxedTopN,
  strict,
  sweep,
  task,
  topKGap,
  uncertainty,
} from '@dsd-lab/experiments'

/**
 * Every acceptance rule on the same prompts, speed against accuracy, each paired with strict decoding and with random relaxation at
 * the share of mismatches that it was measured to relax: what a rule earns more than chance at its rate is what its judgement is
 * worth. `oracle` knows from measured labels which mismatches a right answer hangs on, and is strict in every text that would be wrong
 * by itself. At temperature 0 `coupled`, `greedy` and `deterministic` are `strict`, and `typical` is too.
 */
export default experiment({
  title: 'Which acceptance rule buys the most speed for the accuracy that it costs?',
  models: { target: 'bundled:lab-target', draft: 'bundled:lab-draft' },
  tasks: [task('word-problems', { limit: 60, maxTokens: 120 })],
  cluster: {
    nodes: 4,
    compute: { baseMs: 10, perRowMs: 0.4 },
    link: { latencyMs: 20, jitterMs: 1, bandwidthMbps: 200 },
  },
  arms: {
    autoregressive: { decode: 'autoregressive' },
    strict: { decode: 'speculative', gamma: 8, accept: strict() },
    lenience: { decode: 'speculative', gamma: 8, accept: lenience({ l: sweep([0.7, 0.3]) }) },
    topKGap: { decode: 'speculative', gamma: 8, accept: topKGap({ gap: sweep([0.5, 3]) }) },
    relaxedTopN: { decode: 'speculative', gamma: 8, accept: relaxedTopN({ delta: sweep([0.2, 0.6]) }) },
    margin: { decode: 'speculative', gamma: 8, accept: margin() },
    marginNats: { decode: 'speculative', gamma: 8, accept: marginNats() },
    deferredWindow: { decode: 'speculative', gamma: 8, accept: deferredWindow({ w: sweep([3, 6]) }) },
    divergence: { decode: 'speculative', gamma: 8, accept: divergence({ threshold: sweep([0.02, 0.1]) }) },
    klJudge: { decode: 'speculative', gamma: 8, accept: klJudge({ threshold: sweep([0.1, 0.5]) }) },
    uncertainty: { decode: 'speculative', gamma: 8, accept: uncertainty({ a: sweep([0.5, 1]) }) },
    adaptive: { decode: 'speculative', gamma: 8, accept: dsdAdaptive({ tau: sweep([0.2, 0.5]) }) },
    oracle: { decode: 'speculative', gamma: 8, accept: oracle({ labels: 'measured' }) },
    everything: { decode: 'speculative', gamma: 8, accept: acceptEverything() },
    chance: { decode: 'speculative', gamma: 8, accept: randomRelaxation({ rate: sweep([0.05, 0.2]) }) },
    chanceAsLenience: { decode: 'speculative', gamma: 8, accept: randomRelaxation({ matchRateOf: 'lenience' }) },
    chanceAsTopKGap: { decode: 'speculative', gamma: 8, accept: randomRelaxation({ matchRateOf: 'topKGap' }) },
    chanceAsRelaxedTopN: { decode: 'speculative', gamma: 8, accept: randomRelaxation({ matchRateOf: 'relaxedTopN' }) },
    chanceAsMargin: { decode: 'speculative', gamma: 8, accept: randomRelaxation({ matchRateOf: 'margin' }) },
    chanceAsMarginNats: { decode: 'speculative', gamma: 8, accept: randomRelaxation({ matchRateOf: 'marginNats' }) },
    chanceAsDeferredWindow: {
      decode: 'speculative',
      gamma: 8,
      accept: randomRelaxation({ matchRateOf: 'deferredWindow' }),
    },
    chanceAsDivergence: { decode: 'speculative', gamma: 8, accept: randomRelaxation({ matchRateOf: 'divergence' }) },
    chanceAsKlJudge: { decode: 'speculative', gamma: 8, accept: randomRelaxation({ matchRateOf: 'klJudge' }) },
    chanceAsUncertainty: { decode: 'speculative', gamma: 8, accept: randomRelaxation({ matchRateOf: 'uncertainty' }) },
    chanceAsAdaptive: { decode: 'speculative', gamma: 8, accept: randomRelaxation({ matchRateOf: 'adaptive' }) },
    chanceAsOracle: { decode: 'speculative', gamma: 8, accept: randomRelaxation({ matchRateOf: 'oracle' }) },
  },
  baseline: 'strict',
  sampling: { temperature: 0 },
})
