import { TOKEN_CLASSES, type TokenClass } from '@dsd-lab/core'
import type { RowSignals } from './signals.ts'

/** Classes with a feature of their own; `other` is what they are compared with. */
const FEATURE_CLASSES = TOKEN_CLASSES.filter((name) => name !== 'other')

/** What a fitted scorer sees of a position: the target's row, and the classes of the two tokens. */
export const FITTED_FEATURES: readonly string[] = [
  'entropy',
  'top3Entropy',
  'top1',
  'margin',
  'gap',
  'lnRank',
  'sameClass',
  ...FEATURE_CLASSES.map((name) => `own:${name}`),
  ...FEATURE_CLASSES.map((name) => `draft:${name}`),
]

export interface FeatureSource {
  readonly signals: RowSignals
  /** Of the target's own token; undefined without a tokenizer. */
  readonly ownClass: TokenClass | undefined
  /** Of the drafted token. */
  readonly draftClass: TokenClass | undefined
}

/** Logits further apart than this are equally hopeless, nats. */
const FARTHEST = 15

/** In the order of `FITTED_FEATURES`, not yet standardised. */
export function fittedFeatures({ signals, ownClass, draftClass }: FeatureSource): number[] {
  const { entropy, top3Entropy, top1, margin, gap, rank } = signals
  const isClass = (one: TokenClass | undefined) => (name: TokenClass) => (one === name ? 1 : 0)
  return [
    entropy,
    top3Entropy,
    top1,
    Math.min(FARTHEST, margin),
    Math.min(FARTHEST, gap),
    Math.log1p(rank),
    ownClass !== undefined && ownClass === draftClass ? 1 : 0,
    ...FEATURE_CLASSES.map(isClass(ownClass)),
    ...FEATURE_CLASSES.map(isClass(draftClass)),
  ]
}
