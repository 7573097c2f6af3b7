import {
  type AcceptanceRule,
  type Annotation,
  commitEvent,
  IMPORTANCE_REASONS,
  type RunVerdict,
  type TokenId,
  type TraceEvent,
  type TraceEventOf,
} from '@dsd-lab/core'
import { replayEvents } from '../replay-events.ts'
import { roundsOf, type TracedRound } from '../traced-text.ts'
import { decodeRounds, decodeText } from './decode-text.ts'
import { judgeKnown } from './judge-known.ts'
import { KnownRows } from './known-rows.ts'
import type { ModelPair } from './model-pair.ts'
import type { DecodedText } from './text-entry.ts'
import { framed, type SpeculativeRequest, type TokensCommitted } from './text-request.ts'
import { written } from './written.ts'

/** A text of plain decoding, with what the draft model says after each of its prefixes. */
export type RecordedText = Pick<DecodedText, 'promptTokens' | 'maxLength' | 'events' | 'drafts'>

/**
 * Decodes one prompt under a rule, beginning with what is known: until the rule first keeps a draft that is not the target's own token,
 * the text is that of plain decoding, whose rows are read in few forward passes. From there on it is decoded round by round, and its
 * drafts are guessed from the recorded text. The rounds are those of `decodeText`; drafts behind a rejected one are left out, as in a replay.
 */
export async function decodeAlong(
  pair: ModelPair,
  { recorded, request }: { readonly recorded: RecordedText; readonly request: SpeculativeRequest },
  committed: TokensCommitted = () => {},
): Promise<DecodedText> {
  const { target, compute, tokenClasses, tokenizer } = pair
  const { sampling, gamma, draftAhead } = request
  const context = {
    vocabSize: compute.vocabSize,
    temperature: sampling.temperature,
    tokenClasses,
    sequence: request.sequence,
  }
  const rule = target.resolveRule(request.rule, context)
  if (recorded.drafts === null || !draftsAsRecorded(rule, request)) return decodeText(pair, request, committed)

  const { prompt, maxTokens } = framed(pair, request)
  const rounds = roundsOf(
    replayEvents({ entry: { ...recorded, sequence: request.sequence }, gamma, rule: request.rule, draftAhead }),
  )
  const events = await knownRounds({ pair, prompt, rounds, rule, request, committed })
  const decided = tokensOf(events)
  const isWhole = events.length === 2 * rounds.length
  const rest = isWhole
    ? { events: [], text: [] }
    : await decodeRounds({
        pair,
        request,
        prompt: [...prompt, ...decided],
        maxTokens: maxTokens - decided.length,
        committed,
        known: { promptTokens: prompt.length, resembles: textOf(rounds) },
      })
  return {
    promptTokens: prompt.length,
    maxLength: prompt.length + maxTokens,
    events: [...events, ...rest.events.map((event) => continued(event, rounds[events.length / 2]?.round))],
    drafts: null,
    ...written(tokenizer, [...decided, ...rest.text]),
  }
}

/** Whether the drafts along the recorded text are those of this rule's drafter, and all that it judges by. */
function draftsAsRecorded(
  { needs, drafting, looksAhead = true }: AcceptanceRule,
  { sampling: { temperature } }: SpeculativeRequest,
): boolean {
  return needs === 'ids' && !looksAhead && (temperature === 0 || drafting === 'coupled')
}

/** Rounds and commits as long as the rule decides what the recorded text holds. */
async function knownRounds({
  pair,
  prompt,
  rounds,
  rule,
  request,
  committed,
}: {
  readonly pair: ModelPair
  readonly prompt: readonly TokenId[]
  readonly rounds: readonly TracedRound[]
  readonly rule: AcceptanceRule
  readonly request: SpeculativeRequest
  readonly committed: TokensCommitted
}): Promise<TraceEvent[]> {
  const events: TraceEvent[] = []
  const rows = new KnownRows({ compute: pair.compute, prompt, text: textOf(rounds) })
  let from = 0
  try {
    for (const { round, commit } of rounds) {
      if (commit === undefined) break
      const verdict = await judgeKnown({ rows, rule, request, known: { round, commit, from } })
      if (verdict === undefined) break
      events.push(round, judged(commit, verdict))
      from += commit.tokens.length
      committed(commit.tokens.length)
    }
    return events
  } finally {
    rows.close()
  }
}

/** The commit with what the rule told of its tokens. */
function judged(commit: TraceEventOf<'commit'>, { annotations }: RunVerdict): TraceEventOf<'commit'> {
  const { round: index, position, tokens, finish } = commit
  return commitEvent({
    round: { index },
    position,
    tokens,
    annotations: annotations.slice(0, tokens.length).map(asTravelled),
    ...(finish === undefined ? {} : { finish }),
  })
}

/** As it comes out of a verdict frame: numbers as f32, reasons in their order. */
function asTravelled({ origin, importance, reasons, entropyNats, marginNats }: Annotation): Annotation {
  return {
    origin,
    ...(reasons === undefined ? {} : { reasons: IMPORTANCE_REASONS.filter((reason) => reasons.includes(reason)) }),
    ...(importance === undefined ? {} : { importance: Math.fround(importance) }),
    ...(entropyNats === undefined ? {} : { entropyNats: Math.fround(entropyNats) }),
    ...(marginNats === undefined ? {} : { marginNats: Math.fround(marginNats) }),
  }
}

function textOf(rounds: readonly TracedRound[]): TokenId[] {
  return rounds.flatMap(({ commit }) => commit?.tokens ?? [])
}

function tokensOf(events: readonly TraceEvent[]): TokenId[] {
  return events.flatMap((event) => (event.type === 'commit' ? event.tokens : []))
}

/**
 * An event of a text whose rounds before `replayed` were known: its own first round did not carry the prompt, nor open a session, and its
 * window could have been drafted ahead where that of the replayed round could.
 */
function continued(event: TraceEvent, replayed: TraceEventOf<'round'> | undefined): TraceEvent {
  const rounds = replayed?.index ?? 0
  if (rounds === 0) return event
  if (event.type === 'commit') return { ...event, round: event.round + rounds }
  if (event.type !== 'round') return event
  const later = { ...event, index: event.index + rounds }
  if (event.index > 0) return later
  const { extraBytes: _, ahead, ...bare } = later
  const foreseen = replayed?.ahead?.foreseen ?? false
  return { ...bare, ...(ahead && { ahead: { ...ahead, foreseen } }), rows: event.rows - event.forced, forced: 0 }
}
