import { bootstrapOfSums } from '../statistics/index.ts'
import type { Condition, Estimate, Variant } from '../store/schema.ts'
import { PAPER, type TestableClaim } from './claim.ts'
import { linkTime } from './link-time.ts'
import type { TaskSamples } from './samples.ts'
import { estimateText, networkText } from './wording.ts'
import { worstOf } from './worst-of.ts'

export const communicationSaved: TestableClaim = {
  id: 'communication-saved',
  text: 'DSD saves about (N-1) t1 (k-1)/k of communication a token',
  source: PAPER,
  rule:
    'time on the N-1 links between nodes saved a token by strict, over the formula with the measured k; reproduced if its 95 % interval lies within ' +
    '10 % on every network, refuted if it lies outside on any; on the virtual clock it checks that rounds and hops are counted as the formula counts them, not the links themselves',
  readings: [
    { experiment: 'humaneval-qwen.ts', task: 'humaneval' },
    { experiment: 'claim-communication.ts', task: 'word-problems' },
  ],
  async judge(samples) {
    const { plain } = samples
    const [strict] = samples.strict
    const settings: Setting[] = []
    for (const condition of samples.run.manifest.conditions) {
      if (plain === undefined || strict === undefined || condition.nodes < 2) continue
      settings.push({ condition, ...(await savedOverFormula({ samples, plain, strict, condition })) })
    }
    return worstOf({
      samples,
      measured: settings.map(({ condition, between, all }) => ({
        value: between,
        what: `saved on the links between nodes over the formula, ${strict?.label}`,
        network: networkText(condition),
        beside: [`with the hops from and to the coordinator: ${estimateText(all, 'x')}`],
      })),
      margin: 0.1,
    })
  },
}

interface Setting {
  readonly condition: Condition
  readonly between: Estimate
  readonly all: Estimate
}

async function savedOverFormula({
  samples,
  plain,
  strict,
  condition,
}: {
  readonly samples: TaskSamples
  readonly plain: Variant
  readonly strict: Variant
  readonly condition: Condition
}): Promise<Omit<Setting, 'condition'>> {
  const [before, after] = [await linkTime(samples, plain, condition), await linkTime(samples, strict, condition)]
  const hops = (condition.nodes - 1) * condition.link.latencyMs
  const over = (linkBefore: readonly number[], linkAfter: readonly number[]): Estimate =>
    bootstrapOfSums({
      columns: [linkBefore, before.tokens, linkAfter, after.tokens, after.rounds],
      combine: ([ms = 0, tokens = 0, msAfter = 0, tokensAfter = 0, rounds = 0]) =>
        (ms / tokens - msAfter / tokensAfter) / (hops * (1 - rounds / tokensAfter)),
    })
  return { between: over(before.betweenMs, after.betweenMs), all: over(before.allMs, after.allMs) }
}
