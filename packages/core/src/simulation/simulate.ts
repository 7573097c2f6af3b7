import type { RoundTiming } from '../decoding/target.ts'
import type { WindowController, WindowPolicy } from '../drafting/window-controller.ts'
import { DsdError } from '../errors.ts'
import { checkCosts } from '../latency-model/check-network.ts'
import { computeUs } from '../latency-model/compute.ts'
import { idleLink, type LinkState, passLink } from '../latency-model/network.ts'
import { type RoundLoad, roundLoad } from '../latency-model/round-cost.ts'
import type { TimedChain } from '../latency-model/round-timer.ts'
import { HEADER_BYTES } from '../protocol/frames/header.ts'
import { verdictBodyBytes } from '../protocol/frames/verdict-body.ts'
import { windowBodyBytes } from '../protocol/frames/window-body.ts'
import type { RecordedPass } from '../replay/recorded-pass.ts'
import { type ReplayedRound, ReplayWalk } from '../replay/replay-rounds.ts'
import { EventQueue } from './event-queue.ts'

export interface SimulationRequest {
  /** 1 to 512 nodes, even or each with its own compute and link. */
  readonly chain: TimedChain
  /** Texts in the order they are asked for: recorded, or drawn from measured statistics (`drawPass`). At least one. */
  readonly texts: readonly RecordedPass[]
  readonly window: WindowPolicy
  /** Texts that are decoded at once; the next one begins when one ends. >= 1, default 1. */
  readonly requests?: number
  /** What the session's opening adds to the first window of a text. Default 0. */
  readonly openingBytes?: number
}

export interface SimulatedText {
  readonly tokens: number
  readonly rounds: number
  readonly startMs: number
  readonly endMs: number
  /** From the start of the text to its first verdict. */
  readonly firstTokenMs: number
}

export interface Simulation {
  /** In the order of `texts`. */
  readonly texts: readonly SimulatedText[]
  readonly totalMs: number
  readonly roundsPerSecond: number
  readonly tokensPerSecond: number
  /** Share of the time that each node computes. `[nodes]` */
  readonly busy: readonly number[]
  /** Mean time that a window waits for a node, over all nodes. */
  readonly meanQueueMs: number
}

const MOST_NODES = 512

/**
 * Discrete events: windows of several texts share the drafter, the wires and the nodes of one chain, each of which serves one at a time
 * in order of arrival. With one text at a time it takes what `replayText` takes, to the microsecond; with several it shows what no closed
 * form does: who waits for whom.
 *
 * @throws DsdError `bad-input` for costs that no chain has, no texts, or more than 512 nodes.
 */
export function simulate(request: SimulationRequest): Simulation {
  return new ChainSimulation(request).run()
}

/** One text under way. */
interface Flight {
  readonly index: number
  readonly walk: ReplayWalk
  readonly controller: WindowController
  readonly startUs: number
  round: ReplayedRound | undefined
  load: RoundLoad
  roundStartUs: number
  draftMs: number
  windowsLeft: number
  rounds: number
  tokens: number
  firstUs: number
  timing: { computeMs: number[]; queueMs: number[]; linkMs: number[] }
}

type Event =
  | { readonly kind: 'send'; readonly flight: Flight; readonly node: number; readonly window: number }
  | {
      readonly kind: 'arrive'
      readonly flight: Flight
      readonly node: number
      readonly window: number
      readonly sentUs: number
    }
  | { readonly kind: 'verdict'; readonly flight: Flight; readonly sentUs: number }

class ChainSimulation {
  readonly #request: SimulationRequest
  readonly #events = new EventQueue<Event>()
  readonly #links: LinkState[]
  readonly #nodeFreeUs: number[]
  readonly #busyUs: number[]
  readonly #done: SimulatedText[] = []
  #drafterFreeUs = 0
  #queueUs = 0
  #served = 0
  #asked = 0
  #endUs = 0

  constructor(request: SimulationRequest) {
    const { chain, texts, requests = 1 } = request
    const wrong = (what: string, fix: string) => new DsdError(what, { kind: 'bad-input', where: 'simulation', fix })
    if (!(chain.nodes >= 1 && chain.nodes <= MOST_NODES)) throw wrong(`${chain.nodes} nodes`, `give 1 to ${MOST_NODES}`)
    if (texts.length === 0) throw wrong('no texts', 'give at least one')
    if (!(Number.isInteger(requests) && requests >= 1)) throw wrong(`${requests} requests at once`, 'give 1 or more')
    checkCosts(chain)
    this.#request = request
    this.#links = Array.from({ length: chain.nodes + 1 }, () => idleLink)
    this.#nodeFreeUs = Array.from({ length: chain.nodes }, () => 0)
    this.#busyUs = Array.from({ length: chain.nodes }, () => 0)
  }

  run(): Simulation {
    const { requests = 1 } = this.#request
    for (let request = 0; request < requests; request++) this.#begin(0)
    for (let due = this.#events.next(); due !== undefined; due = this.#events.next()) this.#happen(due.atUs, due.event)
    const tokens = this.#done.reduce((sum, text) => sum + text.tokens, 0)
    const rounds = this.#done.reduce((sum, text) => sum + text.rounds, 0)
    return {
      texts: this.#done,
      totalMs: this.#endUs / 1000,
      roundsPerSecond: (1e6 * rounds) / this.#endUs,
      tokensPerSecond: (1e6 * tokens) / this.#endUs,
      busy: this.#busyUs.map((us) => us / this.#endUs),
      meanQueueMs: this.#queueUs / this.#served / 1000,
    }
  }

  #begin(nowUs: number): void {
    const index = this.#asked++
    const pass = this.#request.texts[index]
    if (pass === undefined) return
    this.#draft(nowUs, {
      index,
      walk: new ReplayWalk(pass),
      controller: this.#request.window(),
      startUs: nowUs,
      round: undefined,
      load: { windows: [], annotations: 0, draftSteps: 0 },
      roundStartUs: nowUs,
      draftMs: 0,
      windowsLeft: 0,
      rounds: 0,
      tokens: 0,
      firstUs: 0,
      timing: { computeMs: [], queueMs: [], linkMs: [] },
    })
  }

  /** The draft model serves one text at a time too. */
  #draft(nowUs: number, flight: Flight): void {
    const { chain, openingBytes = 0 } = this.#request
    const round = flight.walk.next(flight.controller.plan())
    flight.round = round
    flight.load = roundLoad({ ...round, extraBytes: flight.rounds === 0 ? openingBytes : 0 })
    flight.roundStartUs = nowUs
    flight.windowsLeft = flight.load.windows.length
    flight.timing = { computeMs: [], queueMs: [], linkMs: [] }
    const drafts = round.draftSteps * chain.draftStepMs
    const beginUs = drafts > 0 ? Math.max(nowUs, this.#drafterFreeUs) : nowUs
    const readyUs = beginUs + Math.round(drafts * 1000)
    if (drafts > 0) this.#drafterFreeUs = readyUs
    flight.draftMs = (readyUs - nowUs) / 1000
    for (const window of flight.load.windows.keys())
      this.#events.add(readyUs, { kind: 'send', flight, node: 0, window })
  }

  #happen(nowUs: number, event: Event): void {
    switch (event.kind) {
      case 'send':
        this.#send(nowUs, event)
        break
      case 'arrive':
        this.#serve(nowUs, event)
        break
      case 'verdict':
        this.#apply(nowUs, event)
    }
  }

  #send(nowUs: number, { flight, node, window }: Extract<Event, { kind: 'send' }>): void {
    const { nodes, hiddenSize, activations } = this.#request.chain
    if (node < nodes) {
      const { rows, extraBytes } = windowOf(flight, window)
      const width = { hiddenSize: node === 0 ? 0 : hiddenSize, stages: node, activations }
      const payloadBytes = HEADER_BYTES + windowBodyBytes({ rows, extraBytes, ...width })
      const arrivedUs = this.#pass({ place: node, payloadBytes, nowUs, flight })
      this.#events.add(arrivedUs, { kind: 'arrive', flight, node, window, sentUs: nowUs })
      return
    }
    flight.windowsLeft--
    if (flight.windowsLeft > 0) return
    const payloadBytes = HEADER_BYTES + verdictBodyBytes({ nodes })
    const arrivedUs = this.#pass({ place: nodes, payloadBytes, nowUs, flight })
    this.#events.add(arrivedUs, { kind: 'verdict', flight, sentUs: nowUs })
  }

  #pass({
    place,
    payloadBytes,
    nowUs,
    flight,
  }: {
    place: number
    payloadBytes: number
    nowUs: number
    flight: Flight
  }): number {
    const { network } = this.#request.chain
    const state = passLink({
      network,
      place,
      payloadBytes,
      // Noise is that of the text's own clock, as when it is decoded alone.
      sentUs: nowUs - flight.startUs,
      sequence: flight.index,
      state: shifted(this.#links[place] ?? idleLink, -flight.startUs),
    })
    const after = shifted(state, flight.startUs)
    this.#links[place] = after
    return after.arrivedUs
  }

  #serve(nowUs: number, { flight, node, window, sentUs }: Extract<Event, { kind: 'arrive' }>): void {
    const costUs = computeUs(this.#request.chain.compute, node, windowOf(flight, window).rows)
    const startUs = Math.max(nowUs, this.#nodeFreeUs[node] ?? 0)
    this.#nodeFreeUs[node] = startUs + costUs
    this.#busyUs[node] = (this.#busyUs[node] ?? 0) + costUs
    this.#queueUs += startUs - nowUs
    this.#served++
    flight.timing.linkMs[node] = (nowUs - sentUs) / 1000
    flight.timing.queueMs[node] = (startUs - nowUs) / 1000
    flight.timing.computeMs[node] = costUs / 1000
    this.#events.add(startUs + costUs, { kind: 'send', flight, node: node + 1, window })
  }

  #apply(nowUs: number, { flight, sentUs }: Extract<Event, { kind: 'verdict' }>): void {
    const { round } = flight
    if (round === undefined) return
    flight.rounds++
    flight.tokens += round.committed
    if (flight.rounds === 1) flight.firstUs = nowUs
    this.#endUs = Math.max(this.#endUs, nowUs)
    if (!flight.walk.ended) {
      const timing: RoundTiming = {
        startMs: (flight.roundStartUs - flight.startUs) / 1000,
        draftMs: flight.draftMs,
        ...flight.timing,
        returnMs: (nowUs - sentUs) / 1000,
        totalMs: (nowUs - flight.roundStartUs) / 1000,
      }
      flight.controller.observe({ ...round, retries: 0, timing })
      this.#draft(nowUs, flight)
      return
    }
    this.#done[flight.index] = {
      tokens: flight.tokens,
      rounds: flight.rounds,
      startMs: flight.startUs / 1000,
      endMs: nowUs / 1000,
      firstTokenMs: (flight.firstUs - flight.startUs) / 1000,
    }
    this.#begin(nowUs)
  }
}

function windowOf({ load }: Flight, window: number): RoundLoad['windows'][number] {
  return load.windows[window] ?? { rows: 1, extraBytes: 0 }
}

function shifted({ freeUs, arrivedUs }: LinkState, us: number): LinkState {
  return { freeUs: freeUs + us, arrivedUs: arrivedUs + us }
}
