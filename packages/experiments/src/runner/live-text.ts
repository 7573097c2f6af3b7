import {
  commitEvent,
  costRound,
  DraftClock,
  type Drafter,
  draftWork,
  type Round,
  type RuleSpec,
  roundEvent,
  roundLoad,
  type Sampling,
  sessionEvent,
  speculative,
  type TraceEvent,
  timingEvent,
  type WindowPolicy,
} from '@dsd-lab/core'
import type { LocalCluster } from '@dsd-lab/node-runtime'
import { linkModel } from '../plan/conditions.ts'
import type { Condition, LiveResult, TimedItem } from '../store/schema.ts'
import { total } from '../summary/per-prompt.ts'
import type { PutPrompt } from './put-prompts.ts'

/** What is decoded, and on what. */
export interface LiveTextRequest {
  readonly cluster: LocalCluster
  readonly drafter: Drafter
  readonly rule: RuleSpec
  /** How far to draft; texts that share one may learn from each other. */
  readonly window: WindowPolicy
  readonly draftAhead: boolean
  readonly sampling: Sampling
  readonly seed: number
  readonly sequence: number
  readonly item: string
  readonly prompt: PutPrompt
  readonly maxTokens: number
  /** Largest total length that both models can take. */
  readonly maxLength: number
  readonly signal: AbortSignal
}

/** A text as it was decoded over real shard processes, with the times of the wall clock. */
export interface LiveText {
  readonly sequence: number
  readonly rounds: readonly Round[]
  readonly events: readonly TraceEvent[]
  readonly timed: TimedItem
}

export async function decodeLive(request: LiveTextRequest): Promise<LiveText> {
  const { cluster, drafter, rule, window, draftAhead, sampling, seed, sequence, item, maxLength, signal } = request
  const prompt = cluster.tokenizer.encode(request.prompt.text, { specialTokens: request.prompt.specialTokens })
  const maxTokens = Math.min(request.maxTokens, maxLength - prompt.length)
  const rounds: Round[] = []
  const events: TraceEvent[] = [sessionEvent({ item, sequence, promptTokens: prompt.length })]
  let tokens = 0
  const drafting = { drafter, rule, window, draftAhead }
  const text = { target: cluster, ...drafting, prompt, sampling, seed, sequence, maxTokens, signal }
  for await (const commit of speculative(text)) {
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
      forwardBytes: total(rounds.flatMap(({ bytes }) => bytes.forward)),
      verdictBytes: total(rounds.map(({ bytes }) => bytes.verdict)),
    },
  }
}

/** What the cost model says the rounds of a text take, with the compute that was measured in them. */
export function predictedMs({
  text,
  condition,
  compute,
  hiddenSize,
  seed,
}: {
  readonly text: LiveText
  readonly condition: Condition
  readonly compute: LiveResult['measuredCompute']
  readonly hiddenSize: number
  readonly seed: number
}): number {
  const { baseMs, perRowMs, draftStepMs: stepMs } = compute
  const drafts = new DraftClock()
  let atMs = 0
  for (const round of text.rounds) {
    atMs += costRound({
      load: roundLoad({ rows: round.rows, forced: round.forced, draftSteps: round.draftSteps }),
      nodes: condition.nodes,
      hiddenSize,
      network: { links: linkModel(condition.link), seed },
      compute: { baseMs, perRowMs },
      draftUs: drafts.us({ ...draftWork(round, atMs), stepMs }),
      startMs: atMs,
      sequence: text.sequence,
    }).timing.totalMs
  }
  return atMs
}
