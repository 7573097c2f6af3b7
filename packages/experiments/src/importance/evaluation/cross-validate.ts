import { PURPOSE, uniformField } from '@dsd-lab/core'
import { averagePrecision, rocAuc } from '../../statistics/index.ts'
import type { Label } from '../schema.ts'
import type { Transfer } from './evaluation-schema.ts'
import { byPrompt } from './label-groups.ts'
import { fitLabels, predictLabel } from './standardised-fit.ts'

export const FOLDS = 5

/** Score of every label by a fit to the prompts of the other folds; a prompt is never split. */
export function scoresLeftOut(labels: readonly Label[], l2: number): Map<Label, number> {
  const folds = foldsOf(labels)
  return new Map(
    folds.flatMap((left, fold) => {
      const fit = fitLabels(
        folds.flatMap((own, other) => (other === fold ? [] : own)),
        l2,
      )
      return left.map((label): [Label, number] => [label, predictLabel(fit, label)])
    }),
  )
}

/** Fits to each task and tests on each other one. */
export function transfers(labels: readonly Label[], l2: number): Transfer[] {
  const tasks = [...new Set(labels.map(({ task }) => task))]
  const of = (task: string): Label[] => labels.filter((label) => label.task === task)
  return tasks.flatMap((fittedTo) => {
    const own = of(fittedTo)
    if (!hasBothKinds(own)) return []
    const fit = fitLabels(own, l2)
    return tasks
      .filter((task) => task !== fittedTo)
      .map((testedOn) => {
        const tested = of(testedOn)
        const scores = tested.map((label) => predictLabel(fit, label))
        const positive = tested.map(({ important }) => important)
        return {
          fittedTo,
          testedOn,
          rocAuc: definite(rocAuc({ scores, positive })),
          prAuc: definite(averagePrecision({ scores, positive })),
        }
      })
  })
}

export function hasBothKinds(labels: readonly Label[]): boolean {
  return labels.some(({ important }) => important) && labels.some(({ important }) => !important)
}

/** Why labels are too few for a fit; undefined where they are not. */
export function tooFew(labels: readonly Label[]): string | undefined {
  const important = labels.filter((label) => label.important).length
  const fewer = Math.min(important, labels.length - important)
  if (fewer < FEWEST_OF_A_KIND) {
    return `${labels.length} mismatches, ${important} of them important: a fit takes at least ${FEWEST_OF_A_KIND} of either kind; raise --limit`
  }
  const folds = foldsOf(labels)
  const isWhole = folds.every((_, fold) => hasBothKinds(folds.flatMap((own, other) => (other === fold ? [] : own))))
  return isWhole ? undefined : `too few prompts hold important mismatches for ${FOLDS} folds; raise --limit`
}

const FEWEST_OF_A_KIND = 10

/** Prompts in a keyed order, dealt out to the folds. */
function foldsOf(labels: readonly Label[]): Label[][] {
  const draws = uniformField({ seed: 3, purpose: PURPOSE.WORKLOAD, sequence: 0, position: 0 })
  const prompts = byPrompt(labels)
    .map((own, index) => ({ own, draw: draws.at(index) }))
    .sort((a, b) => a.draw - b.draw)
  return Array.from({ length: FOLDS }, (_, fold) =>
    prompts.flatMap(({ own }, index) => (index % FOLDS === fold ? own : [])),
  )
}

function definite(value: number): number | null {
  return Number.isNaN(value) ? null : value
}
