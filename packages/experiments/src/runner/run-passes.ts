import { autoWindow, type RuleSpec } from '@dsd-lab/core'
import { answersWithProgram } from '../datasets/task-item.ts'
import type { Grader } from '../graders/index.ts'
import { timedChain } from '../plan/conditions.ts'
import { type Pass, recordedFor } from '../plan/passes.ts'
import type { Plan } from '../plan/plan.ts'
import { Checkpoint } from '../store/checkpoint.ts'
import type { RunFolder } from '../store/run-folder.ts'
import type { DecodingResult } from '../store/schema.ts'
import { buildDecoding } from './build-decoding.ts'
import type { RecordedText } from './decode/decode-along.ts'
import { type TextEntry, textEntrySchema } from './decode/text-entry.ts'
import { findPass, readPass } from './find-pass.ts'
import type { ChosenTask, Setting } from './gather-facts.ts'
import type { RunProgress } from './progress.ts'
import type { WorkerPool } from './worker-pool.ts'

export interface PassWork {
  readonly plan: Plan
  readonly setting: Setting
  readonly folder: RunFolder
  readonly pool: WorkerPool
  readonly grader: Grader
  readonly progress: RunProgress
}

/**
 * Does the work of the models that is not done yet, text by text, and writes every decoding that follows from it. A control waits for
 * the decodings that it takes its rate from; all else runs side by side.
 *
 * @throws the first failure, once nothing writes any more
 */
export async function runPasses(work: PassWork): Promise<DecodingResult[]> {
  const begun: Begun = { results: new Map(), texts: new Map() }
  try {
    for (const pass of work.plan.passes) await beginPass(work, pass, begun)
  } catch (error) {
    work.pool.abort(error)
    await Promise.allSettled([...begun.results.values(), ...begun.texts.values()])
    throw error
  }
  return everyOne([...begun.results.values()])
}

/** Work that is done or under way: decodings by their id, texts by that of their pass. */
interface Begun {
  readonly results: Map<string, Promise<DecodingResult>>
  readonly texts: Map<string, Promise<readonly TextEntry[]>>
}

async function beginPass(work: PassWork, pass: Pass, { results, texts }: Begun): Promise<void> {
  const { plan, folder, pool, progress } = work
  const decodings = plan.decodings.filter((decoding) => decoding.pass === pass.id)
  const known = await Promise.all(decodings.map(({ id }) => folder.readDecoding(id)))
  if (known.every((result) => result !== undefined)) {
    const entries = await readPass(folder.passFile(pass.id))
    for (const entry of entries) progress.textDone(pass, entry, false)
    texts.set(pass.id, Promise.resolve(entries))
    for (const result of known) results.set(result.decoding.id, Promise.resolve(result))
    return
  }
  const accept = ruleOf(pass, results)
  const along = recordedFor(pass, plan)
  const recorded = along === undefined ? undefined : texts.get(along.id)
  const entries = runPass({ ...work, pass, accept, ...(recorded && { recorded }) })
  texts.set(pass.id, entries)
  for (const decoding of decodings) {
    const made = writeDecoding({ ...work, decoding, accept, entries })
    // One failure ends all work; it is thrown above, once nothing writes any more.
    made.catch((error: unknown) => pool.abort(error))
    results.set(decoding.id, made)
  }
}

/** The rule of a pass; of a control with the measured rate, of a recorded pass null. */
async function ruleOf(pass: Pass, results: ReadonlyMap<string, Promise<DecodingResult>>): Promise<RuleSpec | null> {
  if (pass.rateOf === undefined) return pass.rule ?? null
  const copied = await Promise.all(pass.rateOf.map((id) => resultOf(results, id)))
  const items = copied.flatMap((result) => result.items)
  const relaxed = items.reduce((sum, item) => sum + item.relaxed, 0)
  const mismatches = items.reduce((sum, item) => sum + item.mismatches, 0)
  return { name: 'random-relaxation', rate: mismatches === 0 ? 0 : relaxed / mismatches }
}

function resultOf(results: ReadonlyMap<string, Promise<DecodingResult>>, id: string): Promise<DecodingResult> {
  const result = results.get(id)
  if (result === undefined) throw new RangeError(`decoding ${id} is needed before it was planned`)
  return result
}

async function writeDecoding({
  plan,
  setting,
  folder,
  decoding,
  accept,
  entries,
}: PassWork & {
  readonly decoding: Plan['decodings'][number]
  readonly accept: Promise<RuleSpec | null>
  readonly entries: Promise<readonly TextEntry[]>
}): Promise<DecodingResult> {
  const planned = plan.variants.find(({ record }) => record.id === decoding.variant)
  if (planned === undefined) throw new RangeError(`decoding ${decoding.id} has no variant`)
  const { record: variant, rule } = planned
  const [measured, texts] = await Promise.all([accept, entries])
  const spec = variant.decode === 'autoregressive' ? null : (rule?.spec ?? measured)
  const { items, prompts: put } = taskOf(setting, decoding.task)
  const prompts = new Map(items.map(({ id }, index) => [id, put[index]?.text ?? '']))
  const programs = new Set(items.filter(answersWithProgram).map(({ id }) => id))
  const condition = plan.conditions.find(({ id }) => id === decoding.condition)
  const { hiddenSize } = setting.target.config
  const chosen =
    condition === undefined
      ? undefined
      : {
          policy: autoWindow({ maxGamma: variant.gamma }),
          chain: timedChain({ condition, hiddenSize, seed: decoding.seed }),
        }
  const { result, trace } = buildDecoding({
    decoding,
    variant,
    accept: spec,
    entries: texts,
    prompts,
    programs,
    chosen,
  })
  await folder.writeDecoding(result, trace)
  return result
}

/** The texts of one pass, those that earlier processes finished included, in the order of the task. */
async function runPass({
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
  await findPass({ folder, id: pass.id, items: task.items.length })
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
            request: { ...request, rule, gamma: pass.gamma },
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

/** Waits for all, so that nothing writes any more, then throws the first failure. */
async function everyOne<T>(work: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(work)
  return Promise.all(work)
}

function taskOf(setting: Setting, name: string): ChosenTask {
  const task = setting.tasks.find((one) => one.name === name)
  if (task === undefined) throw new RangeError(`no task is called ${name}`)
  return task
}
