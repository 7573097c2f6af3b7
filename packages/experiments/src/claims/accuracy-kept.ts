import { holm, NON_INFERIORITY_SIZE } from '../statistics/index.ts'
import type { Variant } from '../store/schema.ts'
import type { Finding } from '../store/schema-claims.ts'
import { PAIR_READINGS, PAPER, type TestableClaim } from './claim.ts'
import { type Compared, gainedPoints } from './compared.ts'
import { notTestable } from './not-testable.ts'
import type { TaskSamples } from './samples.ts'
import { estimateText } from './wording.ts'

export const accuracyKept: TestableClaim = {
  id: 'accuracy-kept',
  text: 'Adaptive acceptance keeps accuracy',
  source: PAPER,
  rule:
    'against strict of the same window, paired by item; reproduced if every tau is shown not inferior at the margin of the experiment (exact test, ' +
    "p <= 0.025 each), refuted if any loses by McNemar's exact test at 0.05 after Holm",
  readings: PAIR_READINGS,
  judge: async (samples) => findingOf(samples),
}

function findingOf(samples: TaskSamples): Finding {
  const { compared } = samples
  const { marginPoints } = samples.run.entry
  const conditions = `${samples.task}, ${samples.prompts.length} items, margin ${marginPoints} points`
  const [worst] = [...compared].sort((a, b) => gainedPoints(a) - gainedPoints(b))
  if (worst === undefined) return notTestable({ conditions, because: 'no adaptive arm is graded' })
  const adjusted = holm(compared.map(({ accuracy }) => accuracy.mcnemarP))
  const loser = compared.find((one, index) => gainedPoints(one) < 0 && (adjusted[index] ?? 1) < 0.05)
  const [unshown] = compared.filter(({ accuracy }) => !accuracy.nonInferior).sort((a, b) => doubt(b) - doubt(a))
  const told = loser ?? unshown ?? worst
  return {
    verdict: loser !== undefined ? 'refuted' : unshown === undefined ? 'reproduced' : 'not testable here',
    measured: { what: `${told.variant.label} against strict`, value: told.accuracy.differencePoints, unit: 'points' },
    conditions,
    because:
      loser !== undefined
        ? `it loses answers, p = ${(adjusted[compared.indexOf(loser)] ?? 1).toPrecision(2)} after Holm`
        : unshown === undefined
          ? `no tau loses ${marginPoints} points, p <= ${NON_INFERIORITY_SIZE} each`
          : `so many items cannot show a margin of ${marginPoints} points for ${unshown.variant.label}, p = ${unshown.accuracy.nonInferiorityP?.toPrecision(2) ?? 'unknown'}`,
    // Those of its window: the others say the same at length.
    beside: compared.flatMap(({ variant }) => (variant.gamma === told.variant.gamma ? besides(samples, variant) : [])),
  }
}

/** The arm that is furthest from being shown decides. */
function doubt({ accuracy }: Compared): number {
  return accuracy.nonInferiorityP ?? 1
}

function besides(samples: TaskSamples, variant: Variant): string[] {
  return [variant, samples.controlOf(variant)].flatMap((arm) => {
    const accuracy = arm === undefined ? undefined : samples.accuracy(arm)
    return arm === undefined || accuracy === undefined
      ? []
      : [`${arm.label}: ${estimateText(accuracy.differencePoints, 'points')}`]
  })
}
