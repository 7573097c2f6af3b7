import type { TokenId } from '../../../src/index.ts'
import type { AppliedRound, FailedRound } from '../../../src/protocol/coordinator-effects.ts'
import type { CoordinatorMachine } from '../../../src/protocol/coordinator-machine.ts'
import { crc32c } from '../../../src/protocol/frames/crc32c.ts'
import type { VerdictFrame } from '../../../src/protocol/frames/frame.ts'
import { CACHED_OUTPUTS } from '../../../src/protocol/output-cache.ts'
import type { Shard } from '../../../src/protocol/shard.ts'
import type { Service } from '../../../src/protocol/shard-machine.ts'
import type { Scenario } from './scenario.ts'

/** What must hold whatever happens; see each check for the statement. */
export type Invariant =
  | 'INV-OUTPUT'
  | 'INV-NO-RETRACT'
  | 'INV-PROGRESS'
  | 'INV-FRONTIER'
  | 'INV-DEAD'
  | 'INV-DIGEST'
  | 'INV-KV-NOHOLE'
  | 'INV-KV-EQUAL'
  | 'INV-ONE-LEDGER'
  | 'INV-EOS'
  | 'INV-LIVENESS'
  | 'INV-BOUND'
  | 'INV-NO-FAILURE'

export interface Violation {
  readonly invariant: Invariant
  readonly what: string
}

/** Watches every step of a world and remembers what it should not have seen. */
export class Watch {
  readonly violations: Violation[] = []
  /** What the user has seen, prompt included. Append-only. */
  readonly shown: TokenId[]
  /** Every frame that arrived, in order: equal logs mean equal runs. */
  readonly log: string[] = []
  readonly #scenario: Scenario
  #newestTerm = 0
  #tailBoot = 1
  #rounds = 0
  #rowsSent = 0
  #failures = 0

  constructor(scenario: Scenario) {
    this.#scenario = scenario
    this.shown = [...scenario.prompt]
  }

  get rounds(): number {
    return this.#rounds
  }

  /** Rows of all rounds applied. */
  get rowsSent(): number {
    return this.#rowsSent
  }

  /** Rounds that were given up with an error. */
  get failures(): number {
    return this.#failures
  }

  violated(invariant: Invariant, what: string): void {
    this.violations.push({ invariant, what })
  }

  delivered(channel: string, bytes: Uint8Array): void {
    this.log.push(`${channel} ${bytes.length} ${crc32c(bytes)}`)
  }

  /** INV-KV-NOHOLE: no row is computed over positions that were not written for this text. */
  served({ session, window }: Service): void {
    const start = session.rollbackTo(window)
    if (start > session.written) this.violated('INV-KV-NOHOLE', `row ${start} on ${session.written} rows`)
  }

  /** INV-ONE-LEDGER: once the tail has served a coordinator, it serves no earlier one, as long as it remembers. */
  judged({ term }: VerdictFrame, boot: number): void {
    if (boot !== this.#tailBoot) this.#newestTerm = 0
    this.#tailBoot = boot
    if (term < this.#newestTerm) this.violated('INV-ONE-LEDGER', `a verdict for term ${term} after ${this.#newestTerm}`)
    this.#newestTerm = Math.max(term, this.#newestTerm)
  }

  applied({
    round,
    coordinator,
    inCharge,
  }: {
    readonly round: AppliedRound
    readonly coordinator: CoordinatorMachine
    readonly inCharge: boolean
  }): void {
    if (!inCharge) return
    this.#rounds++
    this.#rowsSent += round.windows.reduce((sum, { ids }) => sum + ids.length, 0)
    const { golden, eos, prompt } = this.#scenario
    const { committedBefore, accepted, windows, verdict } = round
    const text = coordinator.ledger.ids
    const added = text.slice(committedBefore + 1)
    // INV-PROGRESS: a verdict commits what it kept and one token more, unless the text ends before.
    const ended = added.some((id) => eos.includes(id))
    if (added.length === 0 || (added.length !== accepted + 1 && !ended)) {
      this.violated('INV-PROGRESS', `${added.length} tokens of ${accepted} kept`)
    }
    // INV-FRONTIER: a verdict applies to where the ledger ends.
    const window = windows.at(-1)
    if (window === undefined || verdict.start + window.forced !== committedBefore) {
      this.violated('INV-FRONTIER', `a verdict at ${verdict.start} on a ledger that ends at ${committedBefore}`)
    }
    for (const [place, id] of text.entries()) {
      // INV-NO-RETRACT: a token that was shown is never changed.
      if (place < this.shown.length && this.shown[place] !== id) this.violated('INV-NO-RETRACT', `place ${place}`)
      // INV-OUTPUT: the text is that of plain decoding.
      if (place < golden.length && golden[place] !== id) this.violated('INV-OUTPUT', `place ${place}`)
      if (place >= this.shown.length) this.shown.push(id)
    }
    // INV-EOS: nothing after the first end-of-text token.
    const end = this.shown.findIndex((id, place) => place >= prompt.length && eos.includes(id))
    if (end >= 0 && end < this.shown.length - 1)
      this.violated('INV-EOS', `${this.shown.length - 1 - end} tokens too many`)
  }

  /** INV-NO-FAILURE: faults are repaired, not reported, as long as patience lasts. */
  failed({ node, what }: FailedRound): void {
    this.#failures++
    if (!what.startsWith('refuses the window')) this.violated('INV-NO-FAILURE', `node ${node} ${what}`)
  }

  /** INV-DEAD, INV-DIGEST: the verdict on the current window is neither dead nor about another text. */
  coordinator({ counters }: CoordinatorMachine): void {
    if (counters.dead > 0) this.violated('INV-DEAD', 'the tail took the current window for dead')
    if (counters.contradictions > 0) this.violated('INV-DIGEST', 'a verdict contradicts the ledger')
  }

  /** INV-KV-EQUAL: at rest every shard holds the rows and the digest of the text that was shown. */
  shardsAgree(shards: readonly Shard[]): void {
    const last = this.shown.length - 1
    const digests = new Set(shards.map(({ machine }) => machine.sessions.get(7)?.digests.at(last)))
    const behind = shards.filter(({ machine }) => (machine.sessions.get(7)?.written ?? 0) < last)
    if (digests.size !== 1) this.violated('INV-KV-EQUAL', `${digests.size} digests at ${last}`)
    if (behind.length > 0) this.violated('INV-KV-EQUAL', `${behind.length} shards miss rows`)
  }

  /** INV-BOUND: caches stay small, and nothing is left of a closed text. */
  bounds(shards: readonly Shard[]): void {
    for (const { machine } of shards) {
      for (const session of machine.sessions.values()) {
        if (session.cachedOutputs > CACHED_OUTPUTS) this.violated('INV-BOUND', `${session.cachedOutputs} outputs`)
        if (session.digests.length > this.#scenario.maxLength) this.violated('INV-BOUND', 'digests beyond the text')
      }
    }
  }

  nothingLeft(shards: readonly Shard[]): void {
    const left = shards.filter(({ machine }) => machine.sessions.size > 0)
    if (left.length > 0) this.violated('INV-BOUND', `${left.length} shards still hold the closed text`)
  }
}
