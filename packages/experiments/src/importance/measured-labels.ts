import type { FoundMeasurement } from './find-measurement.ts'
import { type OracleText, textsOfLabels } from './oracle-labels.ts'
import type { ImportanceManifest } from './schema.ts'

/** Semi-greedy labels with all that they hold for. */
export interface MeasuredLabels {
  readonly models: Readonly<Record<'target' | 'draft', { readonly ref: string; readonly digest: string }>>
  /** Name of the engine. */
  readonly engine: string
  readonly tasks: readonly Pick<ImportanceManifest['tasks'][number], 'name' | 'maxTokens' | 'prompt'>[]
  /** Drafts a round of the walks; undefined: every mismatch was judged. */
  readonly window: number | undefined
  /** By item of a task, all that were measured; one whose answer was wrong without a flip has no positions. */
  texts(task: string): Promise<ReadonlyMap<string, OracleText>>
}

export function labelsOf({ folder, manifest }: FoundMeasurement): MeasuredLabels {
  const { models, engine, tasks, settings } = manifest
  return {
    models,
    engine: engine.name,
    tasks,
    window: settings.walkWindow,
    async texts(task) {
      const [answers, labels] = [await folder.answers(), await folder.labels()]
      const measured = answers.filter((answer) => answer.task === task)
      const own = labels.filter((label) => label.task === task && label.kind === 'semi-greedy')
      const walked = textsOfLabels(own, ({ item }) => item)
      return new Map(measured.map(({ item }) => [item, walked.get(item) ?? { important: [], unimportant: [] }]))
    },
  }
}
