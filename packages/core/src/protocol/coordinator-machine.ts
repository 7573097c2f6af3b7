import type { TokenId } from '../tokens.ts'
import {
  type CoordinatorEffect,
  defaultPatience,
  type FailedRound,
  type Patience,
  type Proposal,
} from './coordinator-effects.ts'
import { type CoordinatorGuards, coordinatorGuards } from './coordinator-guards.ts'
import type { Frame, NackFrame, RoundId, StatusFrame, VerdictFrame } from './frames/frame.ts'
import { Ledger } from './ledger.ts'
import { type Remedy, remedyOfRefusal, remedyOfSilence } from './remedies.ts'
import { begunRound, type RoundInFlight, replayedRound, resentRound, surveyedRound } from './round-state.ts'
import { Survey } from './survey.ts'
import { WindowNumbers } from './window-numbers.ts'

export interface CoordinatorMachineOptions {
  readonly gen: number
  readonly session: number
  readonly term: number
  readonly nodes: number
  /** The OPEN section. */
  readonly open: Uint8Array
  /** What is committed already: the prompt, or the ledger of a coordinator that this one replaces. */
  readonly ids: readonly TokenId[]
  readonly eos: readonly TokenId[]
  /** Largest number of rows in one window. */
  readonly maxRows: number
  readonly patience?: Patience
  readonly guards?: CoordinatorGuards
}

/**
 * The coordinator of one text, without input, output or time: proposes windows, applies verdicts to the ledger, and repairs
 * a round by sending it again, then by replaying ids from the longest common prefix.
 */
export class CoordinatorMachine {
  readonly ledger: Ledger
  readonly #options: CoordinatorMachineOptions
  readonly #guards: CoordinatorGuards
  readonly #patience: Patience
  readonly #survey: Survey
  readonly #counters = { stale: 0, dead: 0, contradictions: 0, resends: 0, replays: 0 }
  readonly #numbers: WindowNumbers
  #round: RoundInFlight | undefined
  #ended = false

  constructor(options: CoordinatorMachineOptions) {
    this.#options = options
    this.#guards = options.guards ?? coordinatorGuards
    this.#patience = options.patience ?? defaultPatience
    this.#survey = new Survey(options.nodes)
    this.ledger = new Ledger(options.open, options.ids)
    this.#numbers = new WindowNumbers(options, this.ledger)
  }

  /** Verdicts ignored, dead or contradicting the ledger, and remedies tried. */
  get counters(): Readonly<Record<'stale' | 'dead' | 'contradictions' | 'resends' | 'replays', number>> {
    return this.#counters
  }

  get waiting(): boolean {
    return this.#round !== undefined
  }

  /** The text has its end-of-text token. */
  get ended(): boolean {
    return this.#ended
  }

  /** Starts a round. */
  propose({ drafted, laws }: Proposal): CoordinatorEffect[] {
    const windows = this.#numbers.plan({ drafted, laws })
    this.#round = begunRound({ drafted, laws }, windows)
    return windows.map(toHead)
  }

  receive(frame: Frame): CoordinatorEffect[] {
    const { session, term } = this.#options
    const round = this.#round
    if (round === undefined || frame.session !== session || frame.term !== term) return this.#ignore()
    if (frame.type === 'verdict') return this.#verdict(frame, round)
    if (frame.type === 'nack') return this.#nack(frame, round)
    if (frame.type === 'status') return this.#status(frame, round)
    return this.#ignore()
  }

  /** Time is up for what was sent last. */
  deadline(): CoordinatorEffect[] {
    const round = this.#round
    if (round === undefined) return []
    const remedy = remedyOfSilence(round, this.#patience, this.#survey.silent)
    return this.#remedy(remedy, round, () => this.#numbers.replayFrom)
  }

  /** Gives the round up; the session lives on. */
  cancel(): CoordinatorEffect[] {
    if (this.#round === undefined) return []
    this.#round = undefined
    this.#numbers.openEpoch()
    return [this.#toAll('cancel', { epoch: this.#numbers.nextEpoch })]
  }

  close(): CoordinatorEffect[] {
    this.#round = undefined
    return [this.#toAll('close')]
  }

  #verdict(verdict: VerdictFrame, round: RoundInFlight): CoordinatorEffect[] {
    const newest = round.windows.at(-1)
    if (newest === undefined || !this.#guards.answersRound(verdict, newest)) return this.#ignore()
    const kept = { drafted: round.drafted, accepted: verdict.accepted, next: verdict.next }
    const agreed = this.#guards.agrees(verdict, this.ledger, kept)
    if (verdict.dead) this.#counters.dead++
    else if (!agreed) this.#counters.contradictions++
    return verdict.dead || !agreed ? this.#ask(round) : this.#apply(verdict, round)
  }

  #apply(verdict: VerdictFrame, round: RoundInFlight): CoordinatorEffect[] {
    const { drafted, windows, retries } = round
    const committedBefore = this.ledger.last
    const tokens = this.#guards.committed({ drafted, accepted: verdict.accepted, next: verdict.next })
    const text = tokens.slice(0, this.#guards.lengthOfText(tokens, this.#options.eos))
    this.ledger.append(text)
    this.#ended = this.#options.eos.includes(text.at(-1) ?? -1)
    this.#numbers.replayFrom = this.ledger.last
    if (this.#guards.opensEpoch(verdict)) this.#numbers.openEpoch()
    this.#round = undefined
    const accepted = Math.min(verdict.accepted, text.length)
    const applied = { committedBefore, drafted, accepted, windows, verdict, retries }
    return [{ do: 'apply', round: applied }]
  }

  #nack(nack: NackFrame, round: RoundInFlight): CoordinatorEffect[] {
    const from = () => Math.min(this.#numbers.replayFrom, this.#survey.prefixOf(nack, this.ledger))
    return this.#remedy(remedyOfRefusal(nack, round), round, from)
  }

  #status(status: StatusFrame, round: RoundInFlight): CoordinatorEffect[] {
    if (round.surveys === 0) return this.#ignore()
    this.#survey.record(status)
    if (this.#survey.silent.length > 0) return []
    const { epoch = 0, seq = 0 } = round.windows.at(-1) ?? {}
    return this.#replay(round, {
      from: this.#survey.commonPrefix(this.ledger),
      node: this.#survey.stalledAt({ epoch, seq }),
    })
  }

  /** @param from First position of a replay. */
  #remedy(remedy: Remedy, round: RoundInFlight, from: () => number): CoordinatorEffect[] {
    switch (remedy.try) {
      case 'nothing':
        return this.#ignore()
      case 'resend':
        return this.#resend(remedy.round)
      case 'survey':
        return this.#ask(round)
      case 'replay':
        return this.#replay(round, { from: from(), node: remedy.node })
      case 'failure':
        return this.#fail(remedy.failure)
    }
  }

  #ask(round: RoundInFlight): CoordinatorEffect[] {
    this.#round = surveyedRound(round)
    const seq = round.surveys === 0 ? this.#survey.begin() : this.#survey.number
    return [this.#toAll('survey', { seq })]
  }

  #resend(round: RoundInFlight): CoordinatorEffect[] {
    this.#counters.resends++
    this.#round = resentRound(round)
    return round.windows.map(toHead)
  }

  /** @param node The one to name when patience is at its end. */
  #replay(round: RoundInFlight, { from, node }: { readonly from: number; readonly node: number }): CoordinatorEffect[] {
    if (round.replays >= this.#patience.replays) {
      return this.#fail({ node, kind: 'environment', what: `brought no verdict in ${round.replays} replays` })
    }
    this.#counters.replays++
    this.#numbers.openEpoch()
    this.#numbers.replayFrom = from
    const windows = this.#numbers.plan(round)
    this.#round = replayedRound(round, windows)
    return [this.#toAll('cancel'), ...windows.map(toHead)]
  }

  #fail(failure: FailedRound): CoordinatorEffect[] {
    return [...this.cancel(), { do: 'fail', failure }]
  }

  #ignore(): CoordinatorEffect[] {
    this.#counters.stale++
    return []
  }

  #toAll(type: 'cancel' | 'close' | 'survey', id: Partial<RoundId> = {}): CoordinatorEffect {
    return { do: 'send', to: 'all', frame: { type, ...this.#numbers.id(id) } }
  }
}

function toHead(frame: Frame): CoordinatorEffect {
  return { do: 'send', to: 'head', frame }
}
