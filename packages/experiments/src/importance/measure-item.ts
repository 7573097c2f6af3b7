import { PURPOSE, uniformField } from '@dsd-lab/core'
import type { ReadRow, WrittenText } from './flips/flip-request.ts'
import { agreementBefore, rounded, shareRewritten } from './row-values.ts'
import type { AnswerEntry, FlipKind, Outcome, Row, WorkEntry } from './schema.ts'
import { type TextWork, writeOne, writeTexts } from './text-work.ts'

export interface ItemWork extends TextWork {
  /** Finished steps of this item. */
  readonly known: readonly WorkEntry[]
  /** Resolves when the step is on disk. */
  readonly keep: (entry: WorkEntry) => Promise<void>
}

/** Flips a worker makes in one job: finished work that a kill can cost. */
const FLIPS_AT_ONCE = 8

/**
 * All flips of one item, those that earlier processes finished left out: the target's own answer, the independent flips with their
 * controls, the semi-greedy walk. An answer that is not right by itself is not flipped: nothing could be lost.
 */
export async function measureItem(work: ItemWork): Promise<void> {
  const answer = await answerOf(work)
  if (answer.correct !== true) return
  const flipped = await flipOneByOne(work, answer)
  const isWalked = work.sequence % work.settings.walkEvery === 0
  if (isWalked && !work.known.some(({ step }) => step === 'walk')) await walk(work, answer, flipped)
}

async function answerOf(work: ItemWork): Promise<AnswerEntry> {
  const known = work.known.find((entry) => entry.step === 'answer')
  if (known !== undefined) return known
  const { task, item, sequence, settings } = work
  const own = await writeOne(work, { prefix: [], maxTokens: task.maxTokens, read: { matching: settings.controls } })
  const agrees = own.tokens.map((token, index) => own.drafts[index] === token)
  const verdict = await work.grader.grade(item, own.text, task.form)
  const entry: AnswerEntry = {
    step: 'answer',
    key: work.key,
    task: task.name,
    item: item.id,
    sequence,
    promptTokens: own.promptTokens,
    tokens: [...own.tokens],
    ...verdict,
    rows: own.rows.map((row) => withAgreement(row, agrees)),
    agrees,
  }
  await work.keep(entry)
  return entry
}

/** Rows are read without knowing what stood before them; the history is added here. */
function withAgreement(row: ReadRow, agrees: readonly boolean[]): Row {
  const signals = { ...row.signals, agreement: agreementBefore(agrees, row.at) }
  return { ...row, top: [...row.top], signals: rounded(signals) }
}

interface Flip {
  readonly kind: FlipKind
  readonly row: Row
  readonly flipped: number
}

/** Independent flips and both controls, the last place first: a worker then never computes a shared beginning twice. */
async function flipOneByOne(work: ItemWork, answer: AnswerEntry): Promise<Outcome[]> {
  const outcomes = work.known.flatMap((entry) => (entry.step === 'flips' ? entry.outcomes : []))
  const isDone = ({ kind, row }: Flip): boolean => outcomes.some((one) => one.kind === kind && one.at === row.at)
  const missing = flipsOf(work, answer)
    .filter((flip) => !isDone(flip))
    .sort((a, b) => b.row.at - a.row.at)
  for (let from = 0; from < missing.length; from += FLIPS_AT_ONCE) {
    const flips = missing.slice(from, from + FLIPS_AT_ONCE)
    const maxTokens = longest(work, answer)
    const texts = await writeTexts(
      work,
      flips.map(({ row, flipped }) => ({
        prefix: [...answer.tokens.slice(0, row.at), flipped],
        maxTokens,
        resembles: answer.tokens,
      })),
    )
    const made = await Promise.all(
      flips.map(async (flip, index) => outcomeOf({ flip, answer, text: texts[index], work })),
    )
    await work.keep({ step: 'flips', key: work.key, outcomes: made })
    outcomes.push(...made)
  }
  return outcomes
}

function flipsOf({ settings, sequence }: ItemWork, { rows, promptTokens }: AnswerEntry): Flip[] {
  const drawAt = (at: number, index: number): number =>
    uniformField({ seed: 1, purpose: PURPOSE.WORKLOAD, sequence, position: promptTokens + at }).at(index)
  const mismatches = rows.filter(({ token, draft }) => token !== draft)
  const matches = rows.filter(({ token, draft }) => token === draft)
  const sampled = [...mismatches].sort((a, b) => drawAt(a.at, 0) - drawAt(b.at, 0)).slice(0, settings.controls)
  return [
    ...mismatches.map((row): Flip => ({ kind: 'independent', row, flipped: row.draft })),
    ...sampled.flatMap((row): Flip[] => {
      const others = row.top.filter((id) => id !== row.token)
      const flipped = others[Math.floor(drawAt(row.at, 1) * others.length)]
      return flipped === undefined ? [] : [{ kind: 'random-top5', row, flipped }]
    }),
    ...matches.flatMap((row): Flip[] => {
      const second = row.top.find((id) => id !== row.token)
      return second === undefined ? [] : [{ kind: 'matching', row, flipped: second }]
    }),
  ]
}

/**
 * AutoJudge's search: every harmless flip stays in the text, and the next mismatch is looked for behind it. With a window the text is the
 * one that a rule with these labels decodes: the target's own token behind a kept window is not judged, and stays.
 */
async function walk(work: ItemWork, answer: AnswerEntry, flipped: readonly Outcome[]): Promise<void> {
  const outcomes: Outcome[] = []
  let text: Pick<AnswerEntry, 'tokens' | 'rows' | 'agrees'> = answer
  let windowFrom = 0
  for (let border = 0; ; ) {
    const row = text.rows.find(({ at, token, draft }) => at >= border && token !== draft)
    if (row === undefined) break
    const flip: Flip = { kind: 'semi-greedy', row, flipped: row.draft }
    border = row.at + 1
    if (isBehindWindow(row.at - windowFrom, work.settings.walkWindow)) continue
    const known = text === answer ? flipped.find((one) => one.kind === 'independent' && one.at === row.at) : undefined
    if (known?.important === true) {
      outcomes.push({ ...known, kind: flip.kind })
      windowFrom = border
      continue
    }
    const other = await writeFlipped({ work, answer, text, row })
    const outcome = await outcomeOf({ flip, answer: text, text: other, work })
    outcomes.push(outcome)
    if (outcome.important) windowFrom = border
    else text = adopted(text, row, other)
  }
  await work.keep({ step: 'walk', key: work.key, outcomes })
}

/** Whether a place, counted from where a window began, has the token that follows after windows whose drafts were all kept. */
function isBehindWindow(place: number, window: number | undefined): boolean {
  return window !== undefined && place % (window + 1) === window
}

function writeFlipped({
  work,
  answer,
  text,
  row,
}: {
  readonly work: ItemWork
  readonly answer: AnswerEntry
  readonly text: Pick<AnswerEntry, 'tokens'>
  readonly row: Row
}): Promise<WrittenText> {
  const prefix = [...text.tokens.slice(0, row.at), row.draft]
  return writeOne(work, {
    prefix,
    maxTokens: longest(work, answer),
    resembles: text.tokens,
    read: { matching: 0 },
  })
}

/** The text with the flip in it, and its rows from there on: the walk never looks back. */
function adopted(
  { agrees: before }: Pick<AnswerEntry, 'agrees'>,
  { at }: Row,
  { tokens, drafts, rows }: WrittenText,
): Pick<AnswerEntry, 'tokens' | 'rows' | 'agrees'> {
  const behind = drafts.map((draft, index) => draft === tokens[at + 1 + index])
  const agrees = [...before.slice(0, at), true, ...behind]
  return { tokens: [...tokens], agrees, rows: rows.map((row) => withAgreement(row, agrees)) }
}

async function outcomeOf({
  flip: { kind, row, flipped },
  answer,
  text,
  work: { grader, item, task },
}: {
  readonly flip: Flip
  readonly answer: Pick<AnswerEntry, 'tokens'>
  readonly text: WrittenText | undefined
  readonly work: TextWork
}): Promise<Outcome> {
  if (text === undefined) throw new RangeError(`a flip of ${item.id} has no text`)
  const { top: _, ...known } = row
  const behind = row.at + 1
  const rewritten = shareRewritten(answer.tokens.slice(behind), text.tokens.slice(behind))
  const { correct } = await grader.grade(item, text.text, task.form)
  return { ...known, kind, flipped, rewritten, important: correct === false }
}

function longest({ settings }: ItemWork, { tokens }: AnswerEntry): number {
  return Math.ceil(settings.lengthCap * tokens.length)
}
