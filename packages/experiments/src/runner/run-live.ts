import { readFile } from 'node:fs/promises'
import { autoWindow, fixedWindow, type Round, type RuleSpec, readTrace, traceLine } from '@dsd-lab/core'
import type { Plan } from '../plan/plan.ts'
import type { RunFolder } from '../store/run-folder.ts'
import type { Cell, Condition, LiveResult, Variant } from '../store/schema.ts'
import { total } from '../summary/per-prompt.ts'
import { compareTexts } from './compare-texts.ts'
import { drafterOf } from './decode/model-pair.ts'
import { fitCompute } from './fit-compute.ts'
import type { Setting } from './gather-facts.ts'
import { liveCluster } from './live-cluster.ts'
import { decodeLive, type LiveText, predictedMs } from './live-text.ts'
import { textsOf } from './traced-text.ts'

export interface LiveWork {
  readonly plan: Plan
  readonly setting: Setting
  readonly folder: RunFolder
  /** Prompts of each cell, from the first one on. */
  readonly prompts: number
  readonly signal: AbortSignal
  readonly progress: (done: number, total: number) => void
}

/**
 * Runs the chosen cells again over real shard processes, those that were not yet. One that fails does not keep the others.
 *
 * @throws what failed first, once all were tried; the reason of the signal at once.
 */
export async function runLive({ plan, folder, progress, ...work }: LiveWork): Promise<void> {
  const failures: unknown[] = []
  for (const [index, id] of plan.live.entries()) {
    progress(index, plan.live.length)
    if ((await folder.readLive(id)) !== undefined) continue
    try {
      const { result, trace } = await runLiveCell({ ...work, plan, folder, ...(await lookUp({ plan, folder, id })) })
      await folder.writeLive(result, trace)
    } catch (error) {
      work.signal.throwIfAborted()
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
}

interface LiveCell extends Omit<LiveWork, 'progress'> {
  readonly cell: Cell
  readonly condition: Condition
  readonly variant: Variant
  /** As it judged the virtual decoding. */
  readonly rule: RuleSpec
  /** A decoding that serves all seeds was made under one of them; the cell's own seed is that of its network. */
  readonly decodingSeed: number
}

async function lookUp({
  plan,
  folder,
  id,
}: {
  readonly plan: Plan
  readonly folder: RunFolder
  readonly id: string
}): Promise<Pick<LiveCell, 'cell' | 'condition' | 'variant' | 'rule' | 'decodingSeed'>> {
  const cell = plan.cells.find((one) => one.id === id)
  const condition = plan.conditions.find((one) => one.id === cell?.condition)
  const variant = plan.variants.find(({ record }) => record.id === cell?.variant)?.record
  const decoding = cell === undefined ? undefined : await folder.readDecoding(cell.decoding)
  const name = decoding?.accept?.name
  if (cell === undefined || condition === undefined || variant === undefined || typeof name !== 'string') {
    throw new RangeError(`cell ${id} is to be run live, and was not decoded`)
  }
  return {
    cell,
    condition,
    variant,
    rule: { ...decoding?.accept, name },
    decodingSeed: decoding?.decoding.seed ?? cell.seed,
  }
}

async function runLiveCell(work: LiveCell): Promise<{ readonly result: LiveResult; readonly trace: string }> {
  const { setting, folder, cell, condition } = work
  const { target } = setting
  const { texts, links, over } = await decodeTexts(work)
  const traceFile = folder.traceFile('decodings', cell.decoding)
  const virtual = textsOf(readTrace(await readFile(traceFile, 'utf8'), traceFile).events)
  const compute = measuredIn(texts.flatMap(({ rounds }) => rounds))
  const { hiddenSize } = target.config
  const predicted = texts.map((text) => predictedMs({ text, condition, compute, hiddenSize, seed: cell.seed }))
  const events = texts.map((text) => text.events)
  return {
    trace: events.flatMap((lines) => lines.map(traceLine)).join(''),
    result: {
      schema: 1,
      cell,
      clock: 'live',
      items: texts.map(({ timed }) => timed),
      ...compareTexts(events, virtual),
      links,
      ...(over === undefined ? {} : { over }),
      measuredCompute: compute,
      predictedMs: total(predicted),
      measuredMs: total(texts.map(({ timed }) => timed.totalMs)),
    },
  }
}

async function decodeTexts({
  plan,
  setting,
  cell,
  condition,
  variant,
  rule,
  decodingSeed,
  prompts,
  signal,
}: LiveCell): Promise<Pick<LiveResult, 'links' | 'over'> & { readonly texts: LiveText[] }> {
  const { target, tokenizer, draft, draftPrecision: precision, drafter: declared, engine } = setting
  await using open = await liveCluster({ setting, condition, seed: cell.seed, signal })
  const { cluster, links, over, onTheseCores } = open
  await using drafter = await drafterOf({
    draft: declared ?? draft ?? null,
    engine,
    precision,
    background: onTheseCores && (variant.draftAhead ?? false),
    context: { tokenizer, vocabSize: target.config.vocabSize },
  })
  if (drafter === undefined) throw new RangeError(`cell ${cell.id} drafts, and nothing is declared to draft with`)
  const { items = [], prompts: put = [], maxTokens = 1 } = setting.tasks.find(({ name }) => name === cell.task) ?? {}
  const shared = {
    cluster,
    drafter,
    rule,
    draftAhead: variant.draftAhead ?? false,
    window: variant.window === 'auto' ? autoWindow({ maxGamma: variant.gamma }) : fixedWindow(variant.gamma),
    sampling: plan.sampling,
    seed: decodingSeed,
    maxLength: Math.min(target.config.maxLength, draft?.config.maxLength ?? Number.POSITIVE_INFINITY),
    signal,
  }
  const chosen = put
    .slice(0, prompts)
    .map((prompt, sequence) => ({ item: items[sequence]?.id ?? '', prompt, sequence }))
  // The first windows after a start are slow on every node: code is still being compiled. They are not timed, and teach nobody.
  const warmUp = { ...shared, window: fixedWindow(variant.gamma), maxTokens: WARM_UP_TOKENS }
  for (const text of chosen.slice(0, 1)) await decodeLive({ ...warmUp, ...text })
  const texts: LiveText[] = []
  for (const text of chosen) texts.push(await decodeLive({ ...shared, ...text, maxTokens }))
  return { texts, links, over }
}

const WARM_UP_TOKENS = 16

/** Fitted to the times that the nodes themselves report. */
function measuredIn(rounds: readonly Round[]): LiveResult['measuredCompute'] {
  const samples = rounds.flatMap(({ rows, timing }) => timing.computeMs.map((ms) => ({ rows, ms })))
  // A foreseen window shows what was left of its drafting; after any other one half a pass was under way on average.
  const drafted = rounds.filter(({ ahead }) => ahead?.foreseen !== true)
  const steps = total(drafted.map(({ index, draftSteps, ahead }) => draftSteps + (ahead && index > 0 ? 0.5 : 0)))
  const draftMs = total(drafted.map(({ timing }) => timing.draftMs))
  return { ...fitCompute(samples), draftStepMs: steps === 0 ? 0 : draftMs / steps }
}
