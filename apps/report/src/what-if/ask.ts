import type { TimedChain } from '@dsd-lab/core'
import type { WhatIfPage } from '../page-data.ts'
import type { Question } from './network-form.ts'
import { RecordedAnswers, type WindowResult } from './replayed-windows.ts'

/** What the recorded texts would take there. */
export interface Reply {
  readonly question: Question
  /** Texts that were replayed, of so many recorded. */
  readonly texts: number
  readonly recorded: number
  /** Plain decoding first, then windows of 1, 2, ... */
  readonly windows: readonly WindowResult[]
  readonly plain: WindowResult
  readonly chosen: WindowResult
  /** Fixed window with the least time. */
  readonly best: WindowResult
  /** Time that the replay took here. */
  readonly replayMs: number
}

export type Asking = (question: Question) => Reply

/** Makes the recorded texts of a page ready; what it returns replays them, a few milliseconds a question. */
export function asking({ tasks, hiddenSize, seed }: WhatIfPage): Asking {
  const ready = new Map(tasks.map(({ task, answers }) => [task, new RecordedAnswers(answers)]))
  return (question) => {
    const began = performance.now()
    const answers = ready.get(question.task)
    const task = tasks.find((one) => one.task === question.task)
    if (answers === undefined || task === undefined) throw new RangeError(`nothing of ${question.task} is recorded`)
    const chain = chainOf(question, { hiddenSize, seed })
    const { draftAhead } = question
    const windows = answers.windows(chain, { draftAhead })
    const [plain, ...drafting] = windows
    if (plain === undefined) throw new RangeError('no window was replayed')
    const best = drafting.reduce((least, one) => (one.msPerToken < least.msPerToken ? one : least), plain)
    const chosen =
      question.gamma === 'auto' ? answers.auto(chain, plain.textUs, { draftAhead }) : (windows[question.gamma] ?? plain)
    const { length: texts } = task.answers
    return {
      question,
      texts,
      recorded: task.recorded,
      windows,
      plain,
      chosen,
      best,
      replayMs: performance.now() - began,
    }
  }
}

function chainOf(
  { nodes, latencyMs, jitterMs, bandwidthMbps, loss, baseMs, perRowMs, draftStepMs }: Question,
  { hiddenSize, seed }: { readonly hiddenSize: number; readonly seed: number },
): TimedChain {
  const links = { latencyMs, jitterMs, loss, ...(bandwidthMbps === undefined ? {} : { bandwidthMbps }) }
  return {
    nodes,
    hiddenSize,
    network: { links, seed },
    compute: { baseMs: baseMs / nodes, perRowMs: perRowMs / nodes },
    draftStepMs,
  }
}
