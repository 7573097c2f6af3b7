import {
  type RuleSpec,
  replayRounds,
  replayText,
  type TimedChain,
  type TraceEvent,
  type TraceEventOf,
  type WindowPolicy,
} from '@dsd-lab/core'
import type { TextEntry } from './decode/text-entry.ts'

export interface ReplayInput {
  readonly entry: Pick<TextEntry, 'sequence' | 'promptTokens' | 'maxLength' | 'drafts' | 'events'>
  readonly gamma: number
  readonly rule: RuleSpec
  readonly draftAhead: boolean
  /** Windows chosen on the way instead of `gamma`. */
  readonly chosen?: ChosenWindows | undefined
}

/** What chooses windows, and the network that it sees. */
export interface ChosenWindows {
  readonly policy: WindowPolicy
  readonly chain: TimedChain
}

/**
 * The rounds of windows of `gamma` over a recorded text. Of each window the trace holds the drafts that were judged: what was drafted
 * after the first mismatch is not known, and changes nothing.
 */
export function replayEvents({ entry, gamma, rule, draftAhead, chosen }: ReplayInput): TraceEvent[] {
  const { promptTokens, maxLength, drafts, events: plain } = entry
  const commits = plain.filter((event) => event.type === 'commit')
  const text = commits.flatMap(({ tokens }) => tokens)
  const openBytes = openingBytes(plain) + jsonBytes(rule) - jsonBytes(RECORDING_RULE)
  const pass = { promptTokens, text, drafts: drafts ?? [], maxLength }
  const rounds =
    chosen === undefined
      ? replayRounds(pass, gamma, { draftAhead })
      : replayText({
          pass,
          window: chosen.policy,
          chain: chosen.chain,
          sequence: entry.sequence,
          openingBytes: openBytes,
          draftAhead,
        })
  return rounds.flatMap(({ index, committedBefore, rows, forced, drafted, draftSteps, committed, ahead }) => {
    const from = committedBefore + 1 - promptTokens
    const own = from + committed - 1
    const tokens = text.slice(from, own + 1)
    const kept = committed - 1
    const judged = (drafts ?? []).slice(from, from + Math.min(kept + 1, drafted))
    // A text that ends inside the window ends with a kept draft.
    const endsInside = kept < drafted && drafts?.[own] === text[own]
    const last = endsInside ? 'draft' : kept < drafted ? 'correction' : drafted > 0 ? 'bonus' : 'target'
    const plainCommits = commits.slice(from, own + 1)
    const finish = plainCommits.at(-1)?.finish
    const round: TraceEventOf<'round'> = {
      type: 'round',
      index,
      at: committedBefore,
      rows,
      forced,
      drafted: judged,
      accepted: endsInside ? committed : kept,
      next: text[own] ?? 0,
      draftSteps,
      ...(ahead && { ahead: { ...ahead } }),
      retries: 0,
      ...(index === 0 ? { extraBytes: openBytes } : {}),
    }
    const commit: TraceEventOf<'commit'> = {
      type: 'commit',
      round: index,
      position: committedBefore + 1,
      tokens,
      origins: [...tokens.slice(0, -1).map(() => 'draft' as const), last],
      ...column('importance', plainCommits),
      ...column('entropyNats', plainCommits),
      ...column('marginNats', plainCommits),
      ...(plainCommits.some(({ reasons }) => reasons !== undefined)
        ? { reasons: plainCommits.flatMap(({ reasons }) => reasons ?? [[]]) }
        : {}),
      ...(finish === undefined ? {} : { finish }),
    }
    return [round, commit]
  })
}

/** One annotation of plain decoding for each token; left out where none has it. */
function column<Name extends 'importance' | 'entropyNats' | 'marginNats'>(
  name: Name,
  commits: readonly TraceEventOf<'commit'>[],
): Partial<Record<Name, (number | null)[]>> {
  if (commits.every((commit) => commit[name] === undefined)) return {}
  const values: Partial<Record<Name, (number | null)[]>> = {}
  values[name] = commits.flatMap((commit) => commit[name] ?? [null])
  return values
}

// The first round carries the session's opening, which names the rule: another rule, another length.
const RECORDING_RULE: RuleSpec = { name: 'coupled' }

function openingBytes([first]: readonly TraceEvent[]): number {
  return first?.type === 'round' ? (first.extraBytes ?? 0) : 0
}

function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value))
}
