import {
  acceptEverything,
  coupled,
  deferredWindow,
  deterministic,
  divergence,
  dsdAdaptive,
  forced,
  greedy,
  klJudge,
  lenience,
  margin,
  marginNats,
  oracle,
  randomRelaxation,
  relaxedTopN,
  strict,
  topKGap,
  typical,
  uncertainty,
} from '@dsd-lab/acceptance'
import type { RuleSpec } from '@dsd-lab/core'
import { byBothLaws, byIndex, byLogits, byLookAhead, byPosition, byTarget, type Region } from './regions.ts'

/** A rule as its page shows it. */
export interface ShownRule {
  readonly spec: RuleSpec
  readonly region: Region
  /** What the plot holds fixed. */
  readonly under: string
}

const TWO = 'two tokens, temperature 1'
const GREEDY = 'temperature 0: p at temperature 1, 30 tokens share the rest'

/** Every rule that ships, in the order of the reference. */
export const shownRules: readonly ShownRule[] = [
  { spec: coupled(), region: byBothLaws(coupled()), under: TWO },
  { spec: strict(), region: byBothLaws(strict()), under: TWO },
  { spec: greedy(), region: byTarget(greedy(), 0), under: GREEDY },
  { spec: deterministic(), region: byBothLaws(deterministic()), under: TWO },
  { spec: lenience({ l: 0.5 }), region: byBothLaws(lenience({ l: 0.5 })), under: `l = 0.5, ${TWO}` },
  {
    spec: typical(),
    region: byTarget(typical(), 1),
    under: 'eps = 0.09, delta = 0.3, temperature 1, 30 tokens share the rest',
  },
  { spec: topKGap(), region: byTarget(topKGap({ gap: 1 }), 0), under: `beta = 5, gap = 1, ${GREEDY}` },
  { spec: relaxedTopN(), region: byTarget(relaxedTopN({ delta: 0.3 }), 0), under: `n = 10, delta = 0.3, ${GREEDY}` },
  { spec: margin(), region: byLogits(margin()), under: 'theta = 0.9, temperature 0, raw logits' },
  { spec: marginNats(), region: byTarget(marginNats(), 0), under: `nats = 0.7, ${GREEDY}` },
  {
    spec: deferredWindow(),
    region: byLookAhead(deferredWindow()),
    under: 'w = 6, h = 0.3, temperature 0, a mismatch in second place with 0.6 of what p(1) leaves',
  },
  {
    spec: divergence({ threshold: 0.05 }),
    region: byBothLaws(divergence({ threshold: 0.05 })),
    under: `js, threshold = 0.05, ${TWO}`,
  },
  { spec: uncertainty({ a: 0.6 }), region: byBothLaws(uncertainty({ a: 0.6 })), under: `a = 0.6, ${TWO}` },
  {
    spec: klJudge({ threshold: 0.1 }),
    region: byBothLaws(klJudge({ threshold: 0.1 })),
    under: `threshold = 0.1, mask = 0.9, ${TWO}`,
  },
  { spec: dsdAdaptive(), region: byBothLaws(dsdAdaptive({ tau: 0.5 })), under: `tau = 0.5, ${TWO}` },
  {
    spec: randomRelaxation({ rate: 0.5 }),
    region: byBothLaws(randomRelaxation({ rate: 0.5 })),
    under: `rate = 0.5, ${TWO}`,
  },
  {
    spec: forced({ profile: [0.9, 0.7, 0.5, 0.3] }),
    region: byIndex(forced({ profile: [0.9, 0.7, 0.5, 0.3] })),
    under: 'profile = 0.9, 0.7, 0.5, 0.3, temperature 0, those before it kept',
  },
  { spec: acceptEverything(), region: byBothLaws(acceptEverything()), under: TWO },
  {
    spec: oracle({ labels: { '0': { important: [2, 7], unimportant: [4, 5, 9] } } }),
    region: byPosition(oracle({ labels: { '0': { important: [2, 7], unimportant: [4, 5, 9] } } })),
    under: 'positions 4, 5, 9 measured unimportant, 2 and 7 important, temperature 0',
  },
]
