import { bootstrapOfSums } from '../statistics/index.ts'
import type { Condition, Estimate } from '../store/schema.ts'
import type { Finding } from '../store/schema-claims.ts'
import { READERS, type TestableClaim } from './claim.ts'
import { linkTime } from './link-time.ts'
import { notTestable } from './not-testable.ts'
import type { TaskSamples } from './samples.ts'
import { estimateText, latencyRatio, networkText } from './wording.ts'

const NODES = 8
const CLAIMED = 37
const MARGIN = 3
/** Where readers say the paper recommends DSD, as t1 / t0. */
export const REGIME = { from: 3, to: 10 }

export const communicationShare: TestableClaim = {
  id: 'communication-share',
  text: 'DSD reduces communication by about 37 % at eight nodes',
  source: READERS,
  rule:
    'time saved on the links between eight nodes by strict, as a share of the time a token takes plainly (the hops from and to the coordinator included), where 3 t0 < t1 < 10 t0; reproduced if an interval ' +
    'touches 34 to 40 %, refuted if all lie outside',
  readings: [
    { experiment: 'humaneval-qwen.ts', task: 'humaneval' },
    { experiment: 'claim-communication.ts', task: 'word-problems' },
    { experiment: 'claim-communication.ts', task: 'programs' },
  ],
  async judge(samples) {
    const shares: Share[] = []
    for (const condition of samples.run.manifest.conditions.filter(({ nodes }) => nodes === NODES)) {
      const value = await shareSaved(samples, condition)
      if (value !== undefined) shares.push({ condition, value })
    }
    return findingOf(samples, shares)
  },
}

interface Share {
  readonly condition: Condition
  /** Per cent. */
  readonly value: Estimate
}

function findingOf(samples: TaskSamples, shares: readonly Share[]): Finding {
  const inside = shares.filter(({ condition }) => isInRegime(condition))
  const told = nearest(inside)
  const anywhere = nearest(shares)
  const items = `${samples.task}, ${samples.prompts.length} items`
  const beside =
    anywhere === undefined
      ? []
      : [
          `nearest to 37 % of all eight-node networks: ${estimateText(anywhere.value, '%')} at ${networkText(anywhere.condition)}`,
        ]
  if (told === undefined) {
    const because = `no network of ${NODES} nodes has 3 t0 < t1 < 10 t0`
    return notTestable({ conditions: items, because, beside })
  }
  const touches = inside.some(({ value }) => value.low <= CLAIMED + MARGIN && value.high >= CLAIMED - MARGIN)
  return {
    verdict: touches ? 'reproduced' : 'refuted',
    measured: { what: 'of the time of a token saved on links, strict', value: told.value, unit: '%' },
    conditions: `${items}, ${networkText(told.condition)}, the nearest of ${inside.length} in the regime`,
    because: touches
      ? 'an interval touches 34 to 40 %'
      : 'every interval in the recommended regime lies outside 34 to 40 %',
    beside,
  }
}

export function isInRegime(condition: Condition): boolean {
  const ratio = latencyRatio(condition)
  return ratio > REGIME.from && ratio < REGIME.to
}

function nearest(shares: readonly Share[]): Share | undefined {
  const away = ({ value }: Share): number => Math.abs(value.estimate - CLAIMED)
  return shares.reduce<Share | undefined>(
    (before, one) => (before === undefined || away(one) < away(before) ? one : before),
    undefined,
  )
}

/** By the first strict arm; undefined where there is none, or no plain one. */
async function shareSaved(samples: TaskSamples, condition: Condition): Promise<Estimate | undefined> {
  const { plain } = samples
  const [strict] = samples.strict
  if (plain === undefined || strict === undefined) return undefined
  const [before, after] = [await linkTime(samples, plain, condition), await linkTime(samples, strict, condition)]
  return bootstrapOfSums({
    columns: [before.betweenMs, before.tokens, after.betweenMs, after.tokens, samples.speed(plain, condition).ms],
    combine: ([ms = 0, tokens = 0, msAfter = 0, tokensAfter = 0, allMs = 0]) =>
      (100 * (ms / tokens - msAfter / tokensAfter)) / (allMs / tokens),
  })
}
