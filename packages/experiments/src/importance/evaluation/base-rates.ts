import { clusteredWilson } from '../../statistics/index.ts'
import { FLIP_KINDS, type Label } from '../schema.ts'
import type { BaseRate } from './evaluation-schema.ts'
import { byPrompt, byTask } from './label-groups.ts'

/** How often a flip is important: by task and kind, and for independent and agreed places by class and place too. */
export function baseRates(labels: readonly Label[]): BaseRate[] {
  return byTask(labels).flatMap(({ task, labels: own }) =>
    FLIP_KINDS.flatMap((kind) => {
      const flips = own.filter((label) => label.kind === kind)
      if (flips.length === 0) return []
      return [
        rateOf({ task, kind, by: 'all', name: 'all' }, flips),
        ...grouped(flips, ({ tokenClass }) => tokenClass).map(([name, group]) =>
          rateOf({ task, kind, by: 'class', name }, group),
        ),
        ...grouped(flips, ({ place }) => place).map(([name, group]) =>
          rateOf({ task, kind, by: 'place', name }, group),
        ),
      ]
    }),
  )
}

function rateOf(group: Pick<BaseRate, 'task' | 'kind' | 'by' | 'name'>, labels: readonly Label[]): BaseRate {
  const prompts = byPrompt(labels)
  const clusters = prompts.map((own) => ({
    correct: own.filter(({ important }) => important).length,
    trials: own.length,
  }))
  return {
    ...group,
    flips: labels.length,
    important: labels.filter(({ important }) => important).length,
    prompts: prompts.length,
    rate: clusteredWilson(clusters),
  }
}

/** Largest group first. */
function grouped(labels: readonly Label[], nameOf: (label: Label) => string): [string, Label[]][] {
  const names = [...new Set(labels.map(nameOf))]
  return names
    .map((name): [string, Label[]] => [name, labels.filter((label) => nameOf(label) === name)])
    .sort(([, a], [, b]) => b.length - a.length)
}
