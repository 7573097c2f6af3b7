import type { TokenId } from '../tokens.ts'
import {
  type CoordinatorEffect,
  defaultPatience,
  type FailedRound,
  type Patience,
  type Proposal,
} from './coordinator-effects.ts'
import { type CoordinatorGuards, coordinatorGuards } from './coordinator-guards.ts'
import type { Frame, NackFrame, RoundId, StatusFrame, VerdictFrame, WindowFrame } from './frames/frame.ts'
import { Ledger } from './ledger.ts'
import { Survey } from './survey.ts'
import { planWindows } from './window-plan.ts'

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

interface RoundInFlight extends Proposal {
  readonly windows: readonly WindowFrame[]
  readonly retries: number
  readonly resends: number
  readonly replays: number
  readonly badFrames: number
  /** Surveys sent since the last window; 0 while waiting for the verdict. */
  readonly surveys: number
}

const MOST_BAD_FRAMES = 3

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
  #round: RoundInFlight | undefined
  #epoch = -1
  #seq = 0
  /** The next window opens an epoch. */
  #fresh = true
  #replayFrom = 0
  #ended = false

  constructor(options: CoordinatorMachineOptions) {
    this.#options = options
    this.#guards = options.guards ?? coordinatorGuards
    this.#patience = options.patience ?? defaultPatience
    this.#survey = new Survey(options.nodes)
    this.ledger = new Ledger(options.open, options.ids)
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
    const windows = this.#plan({ drafted, laws })
    this.#round = { drafted, laws, windows, retries: 0, resends: 0, replays: 0, badFrames: 0, surveys: 0 }
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
    if (round.surveys === 0 && round.resends < this.#patience.resends) return this.#resend(round)
    if (round.surveys < this.#patience.surveys) return this.#ask(round)
    const [node = 0] = this.#survey.silent
    return this.#fail({ node, kind: 'environment', what: 'does not answer' })
  }

  /** Gives the round up; the session lives on. */
  cancel(): CoordinatorEffect[] {
    if (this.#round === undefined) return []
    this.#round = undefined
    this.#fresh = true
    return [this.#toAll('cancel', { epoch: this.#epoch + 1 })]
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
    this.#replayFrom = this.ledger.last
    this.#fresh = this.#guards.opensEpoch(verdict)
    this.#round = undefined
    const accepted = Math.min(verdict.accepted, text.length)
    const applied = { committedBefore, drafted, accepted, windows, verdict, retries }
    return [{ do: 'apply', round: applied }]
  }

  #nack(nack: NackFrame, round: RoundInFlight): CoordinatorEffect[] {
    if (!round.windows.some(({ epoch, seq }) => epoch === nack.epoch && seq === nack.seq)) return this.#ignore()
    const { node, kind, detail } = nack
    switch (nack.reason) {
      case 'bad-frame':
        if (round.badFrames >= MOST_BAD_FRAMES) return this.#fail({ node, kind, what: `refuses the window: ${detail}` })
        return this.#resend({ ...round, badFrames: round.badFrames + 1 })
      case 'failed':
        return this.#fail({ node, kind, what: detail })
      case 'wrong-plan':
      case 'overloaded':
        return this.#fail({ node, kind: 'environment', what: `refuses the text: ${detail}` })
      default:
        return this.#replay(round, { from: Math.min(this.#replayFrom, this.#survey.prefixOf(nack, this.ledger)), node })
    }
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

  #ask(round: RoundInFlight): CoordinatorEffect[] {
    this.#round = { ...round, surveys: round.surveys + 1 }
    const seq = round.surveys === 0 ? this.#survey.begin() : this.#survey.number
    return [this.#toAll('survey', { seq })]
  }

  #resend(round: RoundInFlight): CoordinatorEffect[] {
    this.#counters.resends++
    this.#round = { ...round, resends: round.resends + 1, retries: round.retries + 1 }
    return round.windows.map(toHead)
  }

  /** @param node The one to name when patience is at its end. */
  #replay(round: RoundInFlight, { from, node }: { readonly from: number; readonly node: number }): CoordinatorEffect[] {
    if (round.replays >= this.#patience.replays) {
      return this.#fail({ node, kind: 'environment', what: `brought no verdict in ${round.replays} replays` })
    }
    this.#counters.replays++
    this.#fresh = true
    this.#replayFrom = from
    const windows = this.#plan(round)
    this.#round = { ...round, windows, retries: round.retries + 1, resends: 0, surveys: 0, replays: round.replays + 1 }
    return [this.#toAll('cancel'), ...windows.map(toHead)]
  }

  #fail(failure: FailedRound): CoordinatorEffect[] {
    return [...this.cancel(), { do: 'fail', failure }]
  }

  #ignore(): CoordinatorEffect[] {
    this.#counters.stale++
    return []
  }

  #plan({ drafted, laws }: Proposal): WindowFrame[] {
    const { maxRows, open } = this.#options
    const epoch = this.#fresh ? this.#epoch + 1 : this.#epoch
    const windows = planWindows({
      ledger: this.ledger,
      drafted,
      laws,
      maxRows,
      replayFrom: this.#replayFrom,
      newEpoch: this.#fresh,
      open: this.#replayFrom === 0 ? open : undefined,
      first: this.#roundId({ epoch, seq: this.#seq }),
    })
    this.#epoch = epoch
    this.#fresh = false
    this.#seq += windows.length
    return windows
  }

  #toAll(type: 'cancel' | 'close' | 'survey', id: Partial<RoundId> = {}): CoordinatorEffect {
    return { do: 'send', to: 'all', frame: { type, ...this.#roundId(id) } }
  }

  #roundId(id: Partial<RoundId>): RoundId {
    const { gen, session, term } = this.#options
    return { gen, session, term, epoch: Math.max(this.#epoch, 0), seq: this.#seq, ...id }
  }
}

function toHead(frame: Frame): CoordinatorEffect {
  return { do: 'send', to: 'head', frame }
}
