import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { DecodedItem, DecodingResult, Manifest } from '@dsd-lab/experiments/schema'
import type { SampledAnswer, SampledItem } from '../page-data.ts'
import type { RunRecord } from './run-folder.ts'
import { readSessions, type TraceSession } from './trace-sessions.ts'

/** Items a task that the token view offers. */
const itemsPerTask = 8

interface TaskDecoding {
  readonly result: DecodingResult
  readonly sessions: readonly TraceSession[]
}

/** Answers of every variant to a few items of each task, cut by token: first the items on which the variants part. */
export async function sampleAnswers({ folder, manifest, decodings }: RunRecord): Promise<SampledItem[]> {
  const sampled: SampledItem[] = []
  for (const { name: task } of manifest.tasks) {
    const results = firstSeed(decodings.filter(({ decoding }) => decoding.task === task))
    const chosen = tellingItems(results, manifest)
    const ofTask: TaskDecoding[] = await Promise.all(
      results.map(async (result) => {
        const path = join(folder, 'decodings', result.decoding.id, 'trace.jsonl')
        return { result, sessions: existsSync(path) ? await readSessions(path, { items: chosen }) : [] }
      }),
    )
    for (const item of chosen) {
      const prompt = results[0]?.items.find((decoded) => decoded.item === item)?.prompt ?? ''
      const answers = ofTask.flatMap((decoding) => answerOf(decoding, item))
      const order = manifest.variants.map(({ id }) => id)
      answers.sort((a, b) => order.indexOf(a.variant) - order.indexOf(b.variant))
      if (answers.length > 0) sampled.push({ task, item, prompt, answers })
    }
  }
  return sampled
}

function firstSeed(results: readonly DecodingResult[]): DecodingResult[] {
  const bySeed = results.toSorted((a, b) => a.decoding.seed - b.decoding.seed)
  return bySeed.filter(
    (result, index) => bySeed.findIndex(({ decoding }) => decoding.variant === result.decoding.variant) === index,
  )
}

/** Items where grades differ between variants, then those where texts differ, then the first; in the order of the task. */
function tellingItems(results: readonly DecodingResult[], { baseline, variants }: Manifest): ReadonlySet<string> {
  const baselineIds = new Set(variants.filter(({ arm }) => arm === baseline).map(({ id }) => id))
  const reference = results.find(({ decoding }) => baselineIds.has(decoding.variant)) ?? results[0]
  const interest = (item: DecodedItem): number => {
    const others = results.flatMap((result) => result.items.filter((other) => other.item === item.item))
    if (others.some((other) => other.correct !== item.correct)) return 2
    return others.some((other) => other.text !== item.text) ? 1 : 0
  }
  const ranked = (reference?.items ?? []).map((item) => ({ item, interest: interest(item) }))
  const half = Math.ceil(itemsPerTask / 2)
  const parting = ranked.filter((entry) => entry.interest === 2).slice(0, half)
  const rest = ranked.filter((entry) => !parting.includes(entry)).toSorted((a, b) => b.interest - a.interest)
  return new Set(
    [...parting, ...rest]
      .slice(0, itemsPerTask)
      .toSorted((a, b) => a.item.sequence - b.item.sequence)
      .map(({ item }) => item.item),
  )
}

function answerOf({ result, sessions }: TaskDecoding, item: string): SampledAnswer[] {
  const decoded = result.items.find((candidate) => candidate.item === item)
  const session = sessions.find((candidate) => candidate.item === item)
  if (decoded === undefined || session === undefined) return []
  const { commits } = session
  const scored = commits.some((commit) => commit.importance !== undefined)
  const each = <Value>(values: readonly Value[] | undefined, length: number, absent: Value): Value[] =>
    Array.from({ length }, (_, index) => values?.[index] ?? absent)
  return [
    {
      variant: result.decoding.variant,
      correct: decoded.correct,
      reason: decoded.reason,
      rounds: decoded.rounds,
      pieces: decoded.pieces,
      tokens: commits.flatMap((commit) => commit.tokens),
      origins: commits.flatMap((commit) => commit.origins),
      roundOf: commits.flatMap((commit) => commit.tokens.map(() => commit.round)),
      importance: scored
        ? commits.flatMap(({ importance, tokens }) => each(importance?.map(short), tokens.length, null))
        : null,
      reasons: scored ? commits.flatMap(({ reasons, tokens }) => each(reasons, tokens.length, [])) : null,
      entropyNats: scored
        ? commits.flatMap(({ entropyNats, tokens }) => each(entropyNats?.map(short), tokens.length, null))
        : null,
      marginNats: scored
        ? commits.flatMap(({ marginNats, tokens }) => each(marginNats?.map(short), tokens.length, null))
        : null,
    },
  ]
}

const short = (value: number | null): number | null => (value === null ? null : Math.round(value * 1000) / 1000)
