import { rm } from 'node:fs/promises'
import { writeAtomically } from '../../store/atomic-write.ts'
import type { ImportanceFolder } from '../importance-folder.ts'
import { type AnswerLine, type EffectLine, IMPORTANCE_SCHEMA_VERSION, type ImportanceManifest } from '../schema.ts'
import { answerHypotheses } from './answer-hypotheses.ts'
import { baseRates } from './base-rates.ts'
import type { Evaluation } from './evaluation-schema.ts'
import { fitScorer } from './fit-scorer.ts'
import { rankSignals } from './rank-signals.ts'

/**
 * What the labels of a finished measurement say (importance.md 6.3), and the scorer fitted to them: both are written to its folder, a
 * pure function of the files that are there.
 */
export async function evaluateImportance({
  folder,
  manifest,
}: {
  readonly folder: ImportanceFolder
  readonly manifest: ImportanceManifest
}): Promise<Evaluation> {
  const labels = await folder.labels()
  const answers = await folder.answers()
  const independent = labels.filter(({ kind }) => kind === 'independent')
  const fitted = fitScorer({ labels: independent, labelsDigest: await folder.labelsDigest(), manifest })
  const isFitted = 'scorer' in fitted
  const evaluation: Evaluation = {
    schema: IMPORTANCE_SCHEMA_VERSION,
    id: manifest.id,
    tasks: manifest.tasks.map(({ name }) => taskCounts(name, answers)),
    baseRates: baseRates(labels),
    signals: rankSignals(independent, isFitted ? fitted.scores : new Map()),
    fit: isFitted ? fitted.report : null,
    noFit: isFitted ? null : fitted.noFit,
    hypotheses: answerHypotheses(labels),
    effects: effectCounts(await folder.effects()),
  }
  // A scorer of labels that are no longer there must not stay.
  await rm(folder.scorerFile, { force: true })
  if (isFitted) await writeAtomically(folder.scorerFile, `${JSON.stringify(fitted.scorer, null, 1)}\n`)
  await folder.writeEvaluation(evaluation)
  return evaluation
}

function taskCounts(task: string, answers: readonly AnswerLine[]): Evaluation['tasks'][number] {
  const own = answers.filter((answer) => answer.task === task)
  const right = own.filter(({ correct }) => correct === true)
  return {
    task,
    prompts: own.length,
    correct: right.length,
    tokens: right.reduce((sum, { tokens }) => sum + tokens, 0),
    mismatches: right.reduce((sum, { mismatches }) => sum + mismatches, 0),
  }
}

function effectCounts(effects: readonly EffectLine[]): Evaluation['effects'] {
  const important = effects.filter((effect) => effect.important)
  const unimportant = effects.filter((effect) => !effect.important)
  const isHarm = ({ low }: EffectLine): boolean => low > 0
  const mean = (list: readonly EffectLine[]): number | null =>
    list.length === 0 ? null : list.reduce((sum, { difference }) => sum + difference, 0) / list.length
  return {
    sampled: effects.length,
    certain: effects.filter(({ low, high }) => low > 0 || high < 0).length,
    meanOfImportant: mean(important),
    meanOfUnimportant: mean(unimportant),
    certainOfImportant: important.filter(isHarm).length,
    important: important.length,
    certainOfUnimportant: unimportant.filter(isHarm).length,
    unimportant: unimportant.length,
  }
}
