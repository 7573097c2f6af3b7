import type { BaseRate, Evaluation, Hypotheses, RankedSignal } from '../importance/evaluation/evaluation-schema.ts'
import { FLIP_KINDS, type ImportanceManifest } from '../importance/schema.ts'
import { interval } from './number-text.ts'
import { tableText } from './table.ts'

/** What a measurement of importance found, for a terminal. */
export function importanceText({
  manifest,
  evaluation,
}: {
  readonly manifest: ImportanceManifest
  readonly evaluation: Evaluation
}): string {
  const { target, draft } = manifest.models
  const { lengthCap, rollouts, temperature } = manifest.settings
  const tasks = tasksOf(evaluation)
  return [
    `Which tokens matter? ${target.ref} with tokens of ${draft.ref}, ${manifest.engine.name} ${manifest.engine.version}`,
    counts(evaluation),
    `flips that cost the answer, % (intervals: Wilson, clustered by prompt; a flipped answer may take ${lengthCap} times the tokens)\n${kindsTable(evaluation)}`,
    ...tasks.map(
      (task) =>
        `${task}: important mismatches by class of the target's token, %\n${groupTable(evaluation, task, 'class')}`,
    ),
    ...tasks.map((task) => `${task}: important mismatches by place, %\n${groupTable(evaluation, task, 'place')}`),
    ...tasks.map(
      (task) => `${task}: how well a signal ranks mismatches by importance\n${signalTable(evaluation, task)}`,
    ),
    fitText(evaluation),
    ...evaluation.hypotheses.map(hypothesisText),
    effectText(evaluation, { rollouts, temperature }),
  ].join('\n\n')
}

function tasksOf({ baseRates }: Evaluation): string[] {
  return [...new Set(baseRates.map(({ task }) => task))]
}

function counts({ tasks }: Evaluation): string {
  return tableText({
    head: ['', 'prompts', 'answered right', 'their tokens', 'mismatches', 'agreement %'],
    rows: tasks.map(({ task, prompts, correct, tokens, mismatches }) => [
      `  ${task}`,
      String(prompts),
      String(correct),
      String(tokens),
      String(mismatches),
      tokens === 0 ? '-' : (100 * (1 - mismatches / tokens)).toFixed(1),
    ]),
  })
}

const KIND_TEXT: Readonly<Record<BaseRate['kind'], string>> = {
  independent: "draft model's token at a mismatch",
  'semi-greedy': 'the same, harmless flips kept',
  'random-top5': 'random top-5 token at a mismatch',
  matching: 'second choice where both agree',
}

function kindsTable(evaluation: Evaluation): string {
  const tasks = tasksOf(evaluation)
  return tableText({
    head: ['', ...tasks],
    rows: FLIP_KINDS.map((kind) => [
      `  ${KIND_TEXT[kind]}`,
      ...tasks.map((task) => {
        const found = evaluation.baseRates.find((one) => one.task === task && one.kind === kind && one.by === 'all')
        return found === undefined ? '-' : rateText(found)
      }),
    ]),
  })
}

function groupTable({ baseRates }: Evaluation, task: string, by: 'class' | 'place'): string {
  const rows = baseRates.filter((one) => one.task === task && one.by === by && one.kind === 'independent')
  return tableText({
    head: ['', 'mismatches', 'important', 'important %'],
    rows: rows.map((one) => [
      `  ${one.name}`,
      String(one.flips),
      String(one.important),
      interval(one.rate, { digits: 1, scale: 100 }),
    ]),
  })
}

function rateText({ rate, flips }: BaseRate): string {
  return `${interval(rate, { digits: 1, scale: 100 })} of ${flips}`
}

function signalTable({ signals }: Evaluation, task: string): string {
  return tableText({
    head: ['', 'ROC-AUC', 'PR-AUC', 'recovered % at recall 0.95', 'at 0.99'],
    rows: signals
      .filter((one) => one.task === task)
      .map((one) => [
        `  ${signalName(one)}`,
        one.rocAuc === null ? '-' : interval(one.rocAuc, { digits: 3 }),
        maybe(one.prAuc, 3),
        maybe(one.recovered95, 1, 100),
        maybe(one.recovered99, 1, 100),
      ]),
  })
}

function signalName({ signal, expected }: RankedSignal): string {
  return signal === 'fitted scorer' ? 'fitted scorer, prompts left out' : `${expected} ${signal}`
}

function fitText({ fit, noFit }: Evaluation): string {
  if (fit === null) return `no scorer: ${noFit}`
  const bins = tableText({
    head: ['  predicted', 'mismatches', 'mean predicted', 'observed'],
    rows: fit.reliability.map(({ from, to, count, predicted, observed }) => [
      `  ${from.toFixed(1)} to ${to.toFixed(1)}`,
      String(count),
      predicted.toFixed(3),
      observed.toFixed(3),
    ]),
  })
  const transfer = fit.transfer.map(
    ({ fittedTo, testedOn, rocAuc, prAuc }) =>
      `  fitted to ${fittedTo}, tested on ${testedOn}: ROC-AUC ${maybe(rocAuc, 3)}, PR-AUC ${maybe(prAuc, 3)}`,
  )
  return [
    `fitted scorer: ridge penalty ${fit.l2}, ${fit.folds} folds by prompt; expected calibration error ${fit.calibrationError.toFixed(3)}`,
    bins,
    ...transfer,
  ].join('\n')
}

function hypothesisText({
  task,
  bands,
  importantLowMinusHigh,
  rewrittenHighMinusLow,
  harmlessHighMinusLow,
}: Hypotheses): string {
  const table = tableText({
    head: ['  entropy of the target, nats', 'flips', 'important %', 'rewritten %'],
    rows: bands.map(({ from, to, flips, important, rewritten }) => [
      `  ${from.toFixed(2)} to ${to.toFixed(2)}`,
      String(flips),
      interval(important, { digits: 1, scale: 100 }),
      interval(rewritten, { digits: 1, scale: 100 }),
    ]),
  })
  return [
    `${task}: flips by entropy, at mismatches and at agreed places`,
    table,
    `  low entropy must not be changed: ${answered(importantLowMinusHigh)} (important, lowest minus highest quarter, points)`,
    `  forks steer the text: ${answered(rewrittenHighMinusLow)} (rewritten, highest minus lowest quarter, points)`,
    `    among harmless flips alone: ${answered(harmlessHighMinusLow)}`,
  ].join('\n')
}

/** A hypothesis that a difference is above zero. */
function answered(difference: Hypotheses['importantLowMinusHigh']): string {
  if (difference === null) return 'not testable here'
  const verdict = difference.low > 0 ? 'yes' : difference.high < 0 ? 'no, the opposite' : 'not shown'
  return `${verdict}, ${interval(difference, { digits: 1, scale: 100 })}`
}

function effectText(
  { effects }: Evaluation,
  { rollouts, temperature }: { readonly rollouts: number; readonly temperature: number },
): string {
  if (effects.sampled === 0) return 'no effect size was sampled'
  return [
    `effect sizes: ${effects.sampled} flips, ${rollouts} continuations of either side at temperature ${temperature}; P(correct) own minus draft token`,
    `  important by the greedy flip: mean ${maybe(effects.meanOfImportant, 2)}, surely harmful ${effects.certainOfImportant} of ${effects.important}`,
    `  unimportant: mean ${maybe(effects.meanOfUnimportant, 2)}, surely harmful ${effects.certainOfUnimportant} of ${effects.unimportant}`,
  ].join('\n')
}

function maybe(value: number | null, digits: number, scale = 1): string {
  return value === null ? '-' : (scale * value).toFixed(digits)
}
