import { readFile } from 'node:fs/promises'
import {
  commitEvent,
  costRound,
  fixedWindow,
  type Round,
  type RuleSpec,
  readTrace,
  roundEvent,
  roundLoad,
  sessionEvent,
  speculative,
  type TraceEvent,
  timingEvent,
  traceLine,
} from '@dsd-lab/core'
import { type LocalCluster, localCluster, modelDrafter } from '@dsd-lab/node-runtime'
import { linkModel } from '../plan/conditions.ts'
import type { Plan } from '../plan/plan.ts'
import type { RunFolder } from '../store/run-folder.ts'
import type { Cell, Condition, LiveResult, TimedItem, Variant } from '../store/schema.ts'
import { compareTexts } from './compare-texts.ts'
import { fitCompute } from './fit-compute.ts'
import type { Setting } from './gather-facts.ts'
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

/** Runs the chosen cells again over real shard processes on emulated links, those that were not yet. */
export async function runLive({ plan, folder, progress, ...work }: LiveWork): Promise<void> {
  for (const [index, id] of plan.live.entries()) {
    progress(index, plan.live.length)
    if ((await folder.readLive(id)) !== undefined) continue
    const cell = plan.cells.find((one) => one.id === id)
    const condition = plan.conditions.find((one) => one.id === cell?.condition)
    const variant = plan.variants.find(({ record }) => record.id === cell?.variant)?.record
    const accept = cell === undefined ? undefined : (await folder.readDecoding(cell.decoding))?.accept
    if (cell === undefined || condition === undefined || variant === undefined || typeof accept?.name !== 'string')
      continue
    const rule: RuleSpec = { ...accept, name: accept.name }
    const { result, trace } = await runLiveCell({ ...work, plan, folder, cell, condition, variant, rule })
    await folder.writeLive(result, trace)
  }
}

interface LiveCell extends Omit<LiveWork, 'progress'> {
  readonly cell: Cell
  readonly condition: Condition
  readonly variant: Variant
  readonly rule: RuleSpec
}

async function runLiveCell(work: LiveCell): Promise<{ readonly result: LiveResult; readonly trace: string }> {
  const { setting, folder, cell, condition, prompts, signal } = work
  const { target, draft, engine, ruleModules } = setting
  await using cluster = await localCluster({
    model: target.ref,
    nodes: condition.nodes,
    link: linkModel(condition.link),
    engine,
    ruleModules,
    seed: cell.seed,
    signal,
  })
  await using drafter = await modelDrafter({ model: draft ?? target, engine })
  const items = setting.tasks.find(({ name }) => name === cell.task)?.items.slice(0, prompts) ?? []
  const texts: LiveText[] = []
  for (const [sequence, { id, prompt }] of items.entries()) {
    texts.push(await decodeLive({ ...work, cluster, drafter, sequence, item: id, prompt }))
  }
  const traceFile = folder.traceFile('decodings', cell.decoding)
  const virtual = textsOf(readTrace(await readFile(traceFile, 'utf8'), traceFile).events)
  const { identical, firstDifference } = compareTexts(
    texts.map(({ events }) => events),
    virtual,
  )
  const rounds = texts.flatMap((text) => text.rounds)
  const measuredCompute = {
    ...fitCompute(rounds.flatMap(({ rows, timing }) => timing.computeMs.map((ms) => ({ rows, ms })))),
    draftStepMs: ratio(
      sum(rounds, ({ timing }) => timing.draftMs),
      sum(rounds, ({ draftSteps }) => draftSteps),
    ),
  }
  return {
    trace: texts.flatMap(({ events }) => events.map(traceLine)).join(''),
    result: {
      schema: 1,
      cell,
      clock: 'live',
      items: texts.map(({ timed }) => timed),
      identical,
      firstDifference,
      links: cluster.linkCheck.map(({ name, declaredMs, measuredMs }) => ({ link: name, declaredMs, measuredMs })),
      measuredCompute,
      predictedMs: sum(texts, (text) =>
        predictedMs({ text, condition, measuredCompute, hiddenSize: target.config.hiddenSize, seed: cell.seed }),
      ),
      measuredMs: sum(texts, ({ timed }) => timed.totalMs),
    },
  }
}

interface LiveText {
  readonly sequence: number
  readonly rounds: readonly Round[]
  readonly events: readonly TraceEvent[]
  readonly timed: TimedItem
}

async function decodeLive({
  cluster,
  drafter,
  plan,
  setting,
  cell,
  variant,
  rule,
  sequence,
  item,
  prompt,
  signal,
}: LiveCell & {
  readonly cluster: LocalCluster
  readonly drafter: Awaited<ReturnType<typeof modelDrafter>>
  readonly sequence: number
  readonly item: string
  readonly prompt: string
}): Promise<LiveText> {
  const ids = cluster.tokenizer.encode(prompt)
  const room =
    Math.min(setting.target.config.maxLength, setting.draft?.config.maxLength ?? Number.POSITIVE_INFINITY) - ids.length
  const maxTokens = Math.min(room, setting.tasks.find(({ name }) => name === cell.task)?.maxTokens ?? room)
  const rounds: Round[] = []
  const events: TraceEvent[] = [sessionEvent({ item, sequence, promptTokens: ids.length })]
  let tokens = 0
  const decoding = speculative({
    target: cluster,
    drafter,
    rule,
    window: fixedWindow(variant.gamma),
    prompt: ids,
    sampling: plan.sampling,
    seed: decodingSeed(plan, cell),
    sequence,
    maxTokens,
    signal,
  })
  for await (const commit of decoding) {
    rounds.push(commit.round)
    events.push(roundEvent(commit.round), timingEvent(commit.round), commitEvent(commit))
    tokens += commit.tokens.length
  }
  const last = rounds.at(-1)
  const totalMs = last === undefined ? 0 : last.timing.startMs + last.timing.totalMs
  events.push({ type: 'end', item, tokens, rounds: rounds.length, totalMs })
  return {
    sequence,
    rounds,
    events,
    timed: {
      item,
      tokens,
      rounds: rounds.length,
      totalMs,
      firstTokenMs: rounds[0]?.timing.totalMs ?? 0,
      forwardBytes: sum(rounds, ({ bytes }) => sum(bytes.forward, (one) => one)),
      verdictBytes: sum(rounds, ({ bytes }) => bytes.verdict),
    },
  }
}

/** A decoding that serves all seeds was made under one of them; the cell's own seed is that of its network. */
function decodingSeed({ decodings }: Plan, cell: Cell): number {
  return decodings.find(({ id }) => id === cell.decoding)?.seed ?? cell.seed
}

/** What the cost model says these rounds take, with the compute that was measured in them. */
function predictedMs({
  text,
  condition,
  measuredCompute,
  hiddenSize,
  seed,
}: {
  readonly text: LiveText
  readonly condition: Condition
  readonly measuredCompute: LiveResult['measuredCompute']
  readonly hiddenSize: number
  readonly seed: number
}): number {
  let atMs = 0
  for (const { rows, forced, draftSteps } of text.rounds) {
    atMs += costRound({
      load: roundLoad({ rows, forced, draftSteps }),
      nodes: condition.nodes,
      hiddenSize,
      network: { links: linkModel(condition.link), seed },
      compute: { baseMs: measuredCompute.baseMs, perRowMs: measuredCompute.perRowMs },
      draftStepMs: measuredCompute.draftStepMs,
      startMs: atMs,
      sequence: text.sequence,
    }).timing.totalMs
  }
  return atMs
}

function sum<T>(list: readonly T[], of: (element: T) => number): number {
  return list.reduce((total, element) => total + of(element), 0)
}

function ratio(above: number, below: number): number {
  return below === 0 ? 0 : above / below
}
