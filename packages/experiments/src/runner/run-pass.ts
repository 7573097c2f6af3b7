import type { RuleSpec } from '@dsd-lab/core'
import type { Pass } from '../plan/pass-of.ts'
import { Checkpoint } from '../store/checkpoint.ts'
import type { RecordedText } from './decode/decode-along.ts'
import { type TextEntry, textEntrySchema } from './decode/text-entry.ts'
import { everyOne } from './every-one.ts'
import { type PassWork, taskOf } from './pass-work.ts'
import { takeOverTexts } from './take-over-texts.ts'

/** The texts of one pass, those that earlier processes finished included, in the order of the task. */
export async function runPass({
  plan,
  setting,
  folder,
  pool,
  grader,
  progress,
  pass,
  accept,
  recorded,
}: PassWork & {
  readonly pass: Pass
  readonly accept: Promise<RuleSpec | null>
  /** Plain decoding of the same texts, if it is recorded. */
  readonly recorded?: Promise<readonly TextEntry[]>
}): Promise<readonly TextEntry[]> {
  const [rule, known] = await Promise.all([accept, recorded])
  const task = taskOf(setting, pass.task)
  await takeOverTexts({ folder, id: pass.id, items: task.items.length })
  await using checkpoint = await Checkpoint.open(folder.passFile(pass.id), (line) => textEntrySchema.parse(line))
  const entries = new Map(checkpoint.recovered.map((entry) => [entry.item, entry]))
  for (const entry of entries.values()) progress.textDone(pass, entry, false)
  const missing = [...task.items.entries()].filter(([, item]) => !entries.has(item.id))
  const work = missing.map(async ([sequence, item]) => {
    const prompt = task.prompts[sequence]
    if (prompt === undefined) throw new RangeError(`${item.id} has no prompt`)
    const request = {
      prompt,
      item: item.id,
      maxTokens: task.maxTokens,
      sampling: plan.sampling,
      seed: pass.seed,
      sequence,
    }
    const done = await pool.run(
      rule === null
        ? { kind: 'record', request }
        : {
            kind: 'decode',
            request: { ...request, rule, gamma: pass.gamma, draftAhead: pass.draftAhead ?? false },
            ...recordedText(known?.find((entry) => entry.item === item.id)),
          },
      (tokens) => progress.tokensCommitted(tokens),
    )
    if (done.kind !== 'text') throw new RangeError(`a worker answered ${done.kind} to a text`)
    const entry: TextEntry = {
      ...done.text,
      sequence,
      item: item.id,
      ...(await grader.grade(item, done.text.text, task.form)),
    }
    await checkpoint.append(entry)
    entries.set(item.id, entry)
    progress.textDone(pass, entry)
  })
  for (const one of work) one.catch((error: unknown) => pool.abort(error))
  await everyOne(work)
  return task.items.flatMap(({ id }) => entries.get(id) ?? [])
}

/** What a worker needs of a recorded text. */
function recordedText(entry: TextEntry | undefined): { readonly recorded?: RecordedText } {
  if (entry === undefined) return {}
  const { promptTokens, maxLength, events, drafts } = entry
  return { recorded: { promptTokens, maxLength, events, drafts } }
}
