import {
  type Distribution,
  entropyNats,
  jsDivergence,
  klDivergence,
  quantise,
  type RuleSpec,
  type TokenId,
  totalVariation,
  warp,
} from '@dsd-lab/core'
import {
  acceptEverything,
  deferredWindow,
  divergence,
  dsdAdaptive,
  klJudge,
  margin,
  marginNats,
  randomRelaxation,
  relaxedTopN,
  resolveRule,
  topKGap,
  typical,
} from '../../src/index.ts'
import { type ToyLanguage, toyLanguage } from './toy-language.ts'

export const VOCAB = 4
const sampling = { temperature: 1 }
export const seeds = [1, 2, 3, 4, 5, 6, 7, 8]
export const languageOf = (seed: number): ToyLanguage =>
  toyLanguage({ seed, vocabSize: VOCAB, sampling, drafter: (logits) => quantise(warp(logits, sampling), 3) })
export const resolve = (spec: RuleSpec) => resolveRule(spec, { vocabSize: VOCAB, temperature: sampling.temperature })
export const ids = Array.from({ length: VOCAB }, (_, id) => id)
const rankOf = (p: Distribution, id: TokenId): number => [...p.ids].indexOf(id) + 1
export const top = (p: Distribution, rank = 1): number => p.probabilities[rank - 1] ?? 0

export interface LossyCase {
  readonly spec: RuleSpec
  readonly gamma: number
  /** Most that the law of a position may differ from p, in total variation. */
  readonly deviation: (p: Distribution, q: Distribution) => number
  /** Most that a token may gain, out / p, where the rule promises that. */
  readonly ratio?: (p: Distribution) => number
  /** Share of a draft x != t that is kept, where it follows from p, q and x. */
  readonly keeps?: (p: Distribution, q: Distribution, x: TokenId) => number
}

export const anything = () => 1
const within = (holds: boolean): number => (holds ? 1 : 0)
export const cases: readonly LossyCase[] = [
  {
    spec: divergence({ threshold: 0.1 }),
    gamma: 1,
    deviation: (p, q) => Math.min(Math.sqrt(2 * 0.1), totalVariation(p, q)),
    keeps: (p, q) => within(jsDivergence(p, q) <= 0.1),
  },
  {
    spec: divergence({ threshold: 0.4, variant: 'kl' }),
    gamma: 1,
    deviation: () => Math.sqrt(0.4 / 2),
    keeps: (p, q) => within(klDivergence(q, p) <= 0.4),
  },
  {
    spec: divergence({ threshold: 0.3, variant: 'tv' }),
    gamma: 1,
    deviation: () => 0.3,
    keeps: (p, q) => within(totalVariation(p, q) <= 0.3),
  },
  {
    spec: klJudge({ threshold: 0.5, mask: 0.6 }),
    gamma: 1,
    deviation: (p) => (top(p) > 0.6 ? 0 : Math.sqrt(0.5 / 2)),
    keeps: (p, q) => within(top(p) <= 0.6 && klDivergence(q, p) <= 0.5),
  },
  { spec: acceptEverything(), gamma: 1, deviation: totalVariation, keeps: anything },
  {
    spec: randomRelaxation({ rate: 0.3 }),
    gamma: 1,
    deviation: (p, q) => 0.3 * totalVariation(p, q),
    keeps: () => 0.3,
  },
  {
    spec: dsdAdaptive({ tau: 0.5, l1: 1e6, l2: 1, l3: 0, classes: [] }),
    gamma: 1,
    deviation: (p, q) => 0.5 * totalVariation(p, q),
    keeps: () => 0.5,
  },
  {
    spec: topKGap({ beta: 3, gap: 1 }),
    gamma: 1,
    deviation: anything,
    ratio: (p) => Math.E / top(p),
    keeps: (p, _, x) => within(rankOf(p, x) <= 3 && Math.log(top(p) / p.probabilityOf(x)) <= 1),
  },
  {
    spec: relaxedTopN({ n: 2, delta: 0.2 }),
    gamma: 1,
    deviation: anything,
    ratio: (p) => 1 / Math.max(1e-9, top(p) - 0.2),
    keeps: (p, _, x) => within(rankOf(p, x) <= 2 && p.probabilityOf(x) >= top(p) - 0.2),
  },
  {
    spec: marginNats({ nats: 0.5 }),
    gamma: 1,
    deviation: anything,
    ratio: (p) => Math.exp(0.5) / top(p),
    keeps: (p, _, x) => within(rankOf(p, x) === 1 || (rankOf(p, x) === 2 && Math.log(top(p) / top(p, 2)) <= 0.5)),
  },
  // The logits of these languages are all positive, where the ratio at least orders.
  { spec: margin({ theta: 0.6 }), gamma: 1, deviation: anything },
  {
    spec: typical({ eps: 0.2, delta: 0.5 }),
    gamma: 1,
    deviation: anything,
    ratio: (p) => 1 / Math.min(0.2, 0.5 * Math.exp(-entropyNats(p))),
    keeps: (p, _, x) => within(p.probabilityOf(x) > Math.min(0.2, 0.5 * Math.exp(-entropyNats(p)))),
  },
  { spec: deferredWindow({ w: 2, h: 0.3 }), gamma: 2, deviation: anything },
]
