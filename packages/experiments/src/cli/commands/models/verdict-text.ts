import type { CaseResult, Difference } from '../../../golden/check-case.ts'
import type { LogitsVerdict } from '../../../golden/check-logits.ts'
import type { RefusalVerdict } from '../../../golden/check-refusal.ts'
import { tableText } from '../../table.ts'

/** The differences of every case, and the sum of it. */
export function verdictText(ref: string, verdict: LogitsVerdict): string {
  const { shards, cases, passed, tolerance, largestLogitDifference: most, firstDifferingId } = verdict
  const [first] = shards
  const cut = shards.map(({ layers }) => `${layers.from}:${layers.to}`).join(', ')
  const table = tableText({
    head: ['case', 'prompt ids', 'logits off by', 'logSumExp off by', 'margins off by', 'greedy ids equal'],
    rows: cases.map((one) => [
      one.label,
      `${one.promptIds}`,
      small(one.logit),
      small(one.logSumExp),
      small(one.margin),
      `${one.greedyIds - one.differing.length}/${one.greedyIds}`,
    ]),
  })
  return [
    `${ref} on ${first?.engine}, ${shards.length} shard${shards.length === 1 ? '' : 's'} (layers ${cut})`,
    '',
    table,
    '',
    `largest logit difference ${small(most)} (case ${most.label}, position ${most.position}), tolerance ${tolerance}`,
    firstDifferingId === undefined
      ? `greedy ids: all ${sum(cases)} equal`
      : `first greedy id that differs: case ${firstDifferingId.label}, step ${firstDifferingId.step}: ${firstDifferingId.found}, not ${firstDifferingId.expected}, at a margin of ${firstDifferingId.margin.toPrecision(3)}${firstDifferingId.excused ? ' (within twice the tolerance)' : ''}`,
    passed ? 'passed' : 'failed',
  ].join('\n')
}

const small = ({ value }: Difference): string => value.toExponential(1)

const sum = (cases: readonly CaseResult[]): number => cases.reduce((total, { greedyIds }) => total + greedyIds, 0)

export const refusalText = ({ refusal = '', beforeWeights }: RefusalVerdict): string =>
  `refused, as it must be${beforeWeights ? ', before any weight was read' : ''}: ${refusal}\npassed`
