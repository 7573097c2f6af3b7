import { bootstrapOfSums, speedup } from '../statistics/index.ts'
import type { Condition } from '../store/schema.ts'
import type { Finding } from '../store/schema-claims.ts'
import { READERS, type TestableClaim } from './claim.ts'
import { isInRegime, REGIME } from './communication-share.ts'
import { notTestable } from './not-testable.ts'
import type { TaskSamples } from './samples.ts'
import { estimateText, latencyRatio, networkText } from './wording.ts'

/** A gain counts as more pronounced within the regime when beyond it at least 2 % are lost. */
const PRONOUNCED = 0.98

export const regime: TestableClaim = {
  id: 'regime',
  text: 'The gain is most pronounced where 3 t0 < t1 < 10 t0 and 3 <= N <= 8',
  source: READERS,
  rule:
    'of the claim one side is tested, slower links: at the largest N of 3 to 8, speed-up of strict over plain decoding beyond 10 t0 over that within, paired by item; ' +
    'reproduced if its 95 % interval lies below 0.98, refuted if above',
  readings: [
    { experiment: 'claim-communication.ts', task: 'word-problems' },
    { experiment: 'claim-communication.ts', task: 'programs' },
  ],
  async judge(samples) {
    const conditions = samples.run.manifest.conditions.filter(({ nodes }) => nodes >= 3 && nodes <= 8)
    const nodes = Math.max(...conditions.map((condition) => condition.nodes))
    const largest = conditions.filter((condition) => condition.nodes === nodes)
    return findingOf(samples, {
      within: largest.find(isInRegime),
      beyond: largest.find((condition) => latencyRatio(condition) > REGIME.to),
    })
  },
}

function findingOf(
  samples: TaskSamples,
  { within, beyond }: { readonly within: Condition | undefined; readonly beyond: Condition | undefined },
): Finding {
  const { plain } = samples
  const [strict] = samples.strict
  const items = `${samples.task}, ${samples.prompts.length} items`
  if (within === undefined || beyond === undefined || plain === undefined || strict === undefined) {
    const because = 'the run has no network within the regime and one beyond it'
    return notTestable({ conditions: items, because })
  }
  const at = (condition: Condition) => ({
    variant: samples.speed(strict, condition),
    baseline: samples.speed(plain, condition),
  })
  const [inner, outer] = [at(within), at(beyond)]
  const value = bootstrapOfSums({
    columns: [outer.baseline.ms, outer.variant.ms, inner.baseline.ms, inner.variant.ms],
    // Tokens are the same on every network, so they cancel.
    combine: ([plainBeyond = 0, strictBeyond = 0, plainWithin = 0, strictWithin = 0]) =>
      plainBeyond / strictBeyond / (plainWithin / strictWithin),
  })
  const verdict = value.low > PRONOUNCED ? 'refuted' : value.high < PRONOUNCED ? 'reproduced' : 'not testable here'
  const because = {
    reproduced: 'slower links lower the speed-up',
    refuted: 'links slower than the regime take less than 2 % of the speed-up away',
    'not testable here': `the interval holds ${PRONOUNCED}: more items are needed to decide`,
  }[verdict]
  return {
    verdict,
    measured: { what: `speed-up of ${strict.label} beyond 10 t0 over that within`, value, unit: 'x' },
    conditions: `${items}, ${networkText(beyond)} over ${networkText(within)}`,
    because,
    beside: [`within: ${estimateText(speedup(inner), 'x')}`, `beyond: ${estimateText(speedup(outer), 'x')}`],
  }
}
