import type { RoundTiming } from '../decoding/target.ts'
import type { WindowController } from '../drafting/window-controller.ts'
import { DraftClock, draftWork } from '../latency-model/draft-clock.ts'
import { type RoundLoad, roundLoad } from '../latency-model/round-cost.ts'
import type { RecordedPass } from '../replay/recorded-pass.ts'
import { type ReplayedRound, ReplayWalk } from '../replay/replay-rounds.ts'
import type { SimulatedText } from './simulation.ts'

/** What one stage of the chain did to a window, ms. */
interface StageTiming {
  readonly linkMs: number
  readonly queueMs: number
  readonly computeMs: number
}

interface RoundUnderWay {
  readonly round: ReplayedRound
  readonly load: RoundLoad
  readonly startUs: number
  readonly draftMs: number
  readonly stages: StageTiming[]
  windowsLeft: number
}

/** One text under way through the chain. Times are those of the simulation's clock, us. */
export class Flight {
  readonly index: number
  readonly startUs: number
  readonly #walk: ReplayWalk
  readonly #controller: WindowController
  readonly #openingBytes: number
  readonly #drafts = new DraftClock()
  #underWay: RoundUnderWay | undefined
  #rounds = 0
  #tokens = 0
  #firstUs = 0

  constructor({
    index,
    pass,
    controller,
    openingBytes,
    startUs,
    draftAhead,
  }: {
    readonly index: number
    readonly pass: RecordedPass
    readonly controller: WindowController
    readonly openingBytes: number
    readonly startUs: number
    readonly draftAhead: boolean
  }) {
    this.index = index
    this.startUs = startUs
    this.#walk = new ReplayWalk(pass, { draftAhead })
    this.#controller = controller
    this.#openingBytes = openingBytes
  }

  get ended(): boolean {
    return this.#walk.ended
  }

  /** Chooses the next window. `readyAt`: when drafts that take so long are there. Returns how many frames carry it. */
  draft(
    nowUs: number,
    { stepMs, readyAt }: { readonly stepMs: number; readonly readyAt: (draftUs: number) => number },
  ): { readonly windows: number; readonly readyUs: number } {
    const round = this.#walk.next(this.#controller.plan())
    const load = roundLoad({ ...round, extraBytes: this.#rounds === 0 ? this.#openingBytes : 0 })
    const readyUs = readyAt(this.#drafts.us({ ...draftWork(round, nowUs / 1000), stepMs }))
    const windows = load.windows.length
    const draftMs = (readyUs - nowUs) / 1000
    this.#underWay = { round, load, startUs: nowUs, draftMs, stages: [], windowsLeft: windows }
    return { windows, readyUs }
  }

  window(index: number): RoundLoad['windows'][number] {
    return this.#current.load.windows[index] ?? { rows: 1, extraBytes: 0 }
  }

  /** A node has served a window; of a prompt in several windows the last one counts. */
  served(node: number, timing: StageTiming): void {
    this.#current.stages[node] = timing
  }

  /** The tail has judged a window. Whether it was the last one of the round. */
  judged(): boolean {
    this.#current.windowsLeft--
    return this.#current.windowsLeft === 0
  }

  /** The verdict is back. */
  apply(nowUs: number, sentUs: number): void {
    const { round, startUs, draftMs, stages } = this.#current
    this.#rounds++
    this.#tokens += round.committed
    if (this.#rounds === 1) this.#firstUs = nowUs
    if (this.ended) return
    const timing: RoundTiming = {
      startMs: (startUs - this.startUs) / 1000,
      draftMs,
      linkMs: stages.map(({ linkMs }) => linkMs),
      queueMs: stages.map(({ queueMs }) => queueMs),
      computeMs: stages.map(({ computeMs }) => computeMs),
      returnMs: (nowUs - sentUs) / 1000,
      totalMs: (nowUs - startUs) / 1000,
    }
    this.#controller.observe({ ...round, retries: 0, timing })
  }

  result(endUs: number): SimulatedText {
    return {
      tokens: this.#tokens,
      rounds: this.#rounds,
      startMs: this.startUs / 1000,
      endMs: endUs / 1000,
      firstTokenMs: (this.#firstUs - this.startUs) / 1000,
    }
  }

  get #current(): RoundUnderWay {
    if (this.#underWay === undefined) throw new RangeError(`text ${this.index} has drafted nothing`)
    return this.#underWay
  }
}
