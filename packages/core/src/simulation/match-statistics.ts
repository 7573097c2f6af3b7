import { DsdError } from '../errors.ts'
import { PURPOSE, uniformField } from '../random/streams.ts'
import { matchRuns } from '../replay/match-runs.ts'
import type { RecordedPass } from '../replay/recorded-pass.ts'

/** How drafts agree with texts of one kind; plain data. */
export interface TextKind {
  /** Tokens of prompt and answer of each text that was measured. */
  readonly lengths: readonly { readonly promptTokens: number; readonly tokens: number }[]
  /**
   * How often a draft was tried and was the text, by how many drafts before it were, since the last that was not (the last entry:
   * that many or more), and by whether the run before that one was long. `[2, LONGEST_RUN + 1]`
   */
  readonly byRun: readonly (readonly PlaceTrials[])[]
}

export interface PlaceTrials {
  readonly tried: number
  readonly kept: number
}

/** What a simulation draws texts from: kinds of text, from those the draft model knows least to those it knows best. */
export interface MatchStatistics {
  readonly kinds: readonly TextKind[]
}

const LONGEST_RUN = 16
/** A run so long is a stretch that the draft model knows. */
const LONG_RUN = 4
const KINDS = 3
/** Trials that the mean of a kind is worth where a run of that length was seen rarely. */
const PRIOR_TRIALS = 4

/**
 * Measures where drafts agree with texts. One flat acceptance cannot reproduce a sweep over windows: agreement comes in runs, so a window
 * after a full one is kept further than a window after a correction, and some texts are easier than others.
 *
 * @param passes at least one; 6 make two kinds of text, 9 or more make three
 * @throws DsdError `bad-input` when there is none.
 */
export function measureMatches(passes: readonly RecordedPass[]): MatchStatistics {
  if (passes.length === 0) {
    throw new DsdError('no passes', { kind: 'bad-input', where: 'statistics', fix: 'record at least one text' })
  }
  const sorted = [...passes].sort((a, b) => matchRate(a) - matchRate(b))
  const kinds = Math.min(KINDS, Math.max(1, Math.floor(sorted.length / 3)))
  const edge = (kind: number): number => Math.round((kind * sorted.length) / kinds)
  return {
    kinds: Array.from({ length: kinds }, (_, kind) => kindOf(sorted.slice(edge(kind), edge(kind + 1)))),
  }
}

/** A text that agrees with its drafts as the measured ones do; the same for the same seed and number. Lengths are those of a measured text. */
export function drawPass(
  statistics: MatchStatistics,
  { seed, number }: { readonly seed: number; readonly number: number },
): RecordedPass {
  const field = uniformField({ seed, purpose: PURPOSE.WORKLOAD, sequence: 1, position: number })
  const texts = statistics.kinds.flatMap((kind) => kind.lengths.map((length) => ({ kind, length })))
  const drawn = texts[Math.floor(field.at(0) * texts.length)]
  if (drawn === undefined) throw new DsdError('no texts to draw', { kind: 'bad-input', where: 'statistics' })
  const { kind, length } = drawn
  const rates = kind.byRun.map((places) => ratesOf(places))
  const drafts: number[] = []
  const state = new RunState()
  for (let place = 0; place < length.tokens; place++) {
    const rate = rates[state.context]?.[state.place] ?? 0
    const match = field.at(1 + place) < rate
    drafts.push(match ? MATCH : MISMATCH)
    state.add(match)
  }
  return {
    promptTokens: length.promptTokens,
    text: drafts.map(() => MATCH),
    drafts,
    // A drawn text ends by itself, not at a limit: windows are never cut.
    maxLength: length.promptTokens + length.tokens + UNCUT,
  }
}

const MATCH = 1
const MISMATCH = 0
const UNCUT = 64

/** Where a text is in its runs of agreement. */
class RunState {
  #run = 0
  #before = 0

  get place(): number {
    return Math.min(this.#run, LONGEST_RUN)
  }

  get context(): number {
    return this.#before >= LONG_RUN ? 1 : 0
  }

  add(match: boolean): void {
    if (match) this.#run++
    else {
      this.#before = this.#run
      this.#run = 0
    }
  }
}

function kindOf(passes: readonly RecordedPass[]): TextKind {
  const counts = [0, 1].map(() => Array.from({ length: LONGEST_RUN + 1 }, () => ({ tried: 0, kept: 0 })))
  for (const pass of passes) {
    const state = new RunState()
    for (const run of matchRuns(pass)) {
      const count = counts[state.context]?.[state.place]
      if (count !== undefined) {
        count.tried++
        count.kept += run > 0 ? 1 : 0
      }
      state.add(run > 0)
    }
  }
  return {
    lengths: passes.map(({ promptTokens, text }) => ({ promptTokens, tokens: text.length })),
    byRun: counts,
  }
}

function ratesOf(places: readonly PlaceTrials[]): number[] {
  const tried = places.reduce((sum, place) => sum + place.tried, 0)
  const kept = places.reduce((sum, place) => sum + place.kept, 0)
  const mean = tried === 0 ? 0 : kept / tried
  return places.map((place) => (place.kept + PRIOR_TRIALS * mean) / (place.tried + PRIOR_TRIALS))
}

function matchRate(pass: RecordedPass): number {
  const runs = matchRuns(pass)
  return runs.reduce((matches, run) => matches + (run > 0 ? 1 : 0), 0) / runs.length
}
