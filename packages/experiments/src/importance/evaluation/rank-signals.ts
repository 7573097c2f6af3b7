import { atRecall, averagePrecision } from '../../statistics/index.ts'
import type { Label, SignalName } from '../schema.ts'
import { clusteredAuc } from './clustered-auc.ts'
import type { RankedSignal } from './evaluation-schema.ts'
import { byPrompt, byTask } from './label-groups.ts'

/** The direction in which importance.md expects each signal to speak. */
const EXPECTED = {
  entropy: 'small',
  top3Entropy: 'small',
  top1: 'large',
  margin: 'large',
  gap: 'large',
  surprisal: 'large',
  rank: 'large',
  overlap: 'small',
  klTargetDraft: 'large',
  klDraftTarget: 'large',
  js: 'large',
  entropyRatio: 'large',
  agreement: 'small',
} as const satisfies Record<SignalName, RankedSignal['expected']>

/** How well each signal alone, and a score given beside them, ranks the independent flips. */
export function rankSignals(labels: readonly Label[], scores: ReadonlyMap<Label, number>): RankedSignal[] {
  return byTask(labels).flatMap(({ task, labels: own }) => [
    ...signalNames().map((signal) =>
      ranked({ task, signal, expected: EXPECTED[signal], labels: own, measure: ({ signals }) => signals[signal] }),
    ),
    ...(scores.size === 0
      ? []
      : [
          ranked({
            task,
            signal: 'fitted scorer',
            expected: 'large',
            labels: own,
            measure: (label) => scores.get(label) ?? 0,
          }),
        ]),
  ])
}

function signalNames(): SignalName[] {
  return Object.keys(EXPECTED).filter((name): name is SignalName => name in EXPECTED)
}

function ranked({
  task,
  signal,
  expected,
  labels,
  measure,
}: Pick<RankedSignal, 'task' | 'signal' | 'expected'> & {
  readonly labels: readonly Label[]
  readonly measure: (label: Label) => number
}): RankedSignal {
  const grouped = byPrompt(labels)
  const flat = grouped.flat()
  const scores = flat.map((label) => (expected === 'large' ? 1 : -1) * measure(label))
  const positive = flat.map(({ important }) => important)
  const prompts = grouped.flatMap((own, prompt) => own.map(() => prompt))
  const precision = averagePrecision({ scores, positive })
  return {
    task,
    signal,
    expected,
    rocAuc: clusteredAuc({ scores, positive, prompts }),
    prAuc: Number.isNaN(precision) ? null : precision,
    recovered95: atRecall({ scores, positive }, 0.95)?.recovered ?? null,
    recovered99: atRecall({ scores, positive }, 0.99)?.recovered ?? null,
  }
}
