import { computeUs } from '../latency-model/compute.ts'
import { idleLink, type LinkState, passLink } from '../latency-model/network.ts'
import { HEADER_BYTES } from '../protocol/frames/header.ts'
import { verdictBodyBytes } from '../protocol/frames/verdict-body.ts'
import { windowBodyBytes } from '../protocol/frames/window-body.ts'
import { EventQueue } from './event-queue.ts'
import { Flight } from './flight.ts'
import type { SimulatedText, Simulation, SimulationRequest } from './simulation.ts'

interface Send {
  readonly kind: 'send'
  readonly flight: Flight
  readonly node: number
  readonly window: number
}

interface Arrive {
  readonly kind: 'arrive'
  readonly flight: Flight
  readonly node: number
  readonly window: number
  readonly sentUs: number
}

interface Verdict {
  readonly kind: 'verdict'
  readonly flight: Flight
  readonly sentUs: number
}

/** The drafter, the wires and the nodes of one chain, and the texts that share them. */
export class ChainSimulation {
  readonly #request: SimulationRequest
  readonly #events = new EventQueue<Send | Arrive | Verdict>()
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
    const { nodes } = request.chain
    this.#request = request
    this.#links = Array.from({ length: nodes + 1 }, () => idleLink)
    this.#nodeFreeUs = Array.from({ length: nodes }, () => 0)
    this.#busyUs = Array.from({ length: nodes }, () => 0)
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
    const { texts, window, openingBytes = 0, draftAhead = false } = this.#request
    const index = this.#asked++
    const pass = texts[index]
    if (pass === undefined) return
    this.#draft(nowUs, new Flight({ index, pass, controller: window(), openingBytes, startUs: nowUs, draftAhead }))
  }

  #draft(nowUs: number, flight: Flight): void {
    const { draftStepMs: stepMs } = this.#request.chain
    const readyAt = (draftUs: number) => this.#drafted(nowUs, draftUs)
    const { windows, readyUs } = flight.draft(nowUs, { stepMs, readyAt })
    for (let window = 0; window < windows; window++) {
      this.#events.add(readyUs, { kind: 'send', flight, node: 0, window })
    }
  }

  /** When the draft model, which serves one text at a time too, has drafted for so long. */
  #drafted(nowUs: number, draftUs: number): number {
    if (draftUs === 0) return nowUs
    this.#drafterFreeUs = Math.max(nowUs, this.#drafterFreeUs) + draftUs
    return this.#drafterFreeUs
  }

  #happen(nowUs: number, event: Send | Arrive | Verdict): void {
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

  #send(nowUs: number, { flight, node, window }: Send): void {
    const { nodes, hiddenSize, activations } = this.#request.chain
    if (node < nodes) {
      const { rows, extraBytes } = flight.window(window)
      const width = { hiddenSize: node === 0 ? 0 : hiddenSize, stages: node, activations }
      const payloadBytes = HEADER_BYTES + windowBodyBytes({ rows, extraBytes, ...width })
      const arrivedUs = this.#pass({ place: node, payloadBytes, nowUs, flight })
      this.#events.add(arrivedUs, { kind: 'arrive', flight, node, window, sentUs: nowUs })
    } else if (flight.judged()) {
      const payloadBytes = HEADER_BYTES + verdictBodyBytes({ nodes })
      const arrivedUs = this.#pass({ place: nodes, payloadBytes, nowUs, flight })
      this.#events.add(arrivedUs, { kind: 'verdict', flight, sentUs: nowUs })
    }
  }

  /** When a frame that is sent now is through the link before this place. */
  #pass({
    place,
    payloadBytes,
    nowUs,
    flight: { index, startUs },
  }: {
    readonly place: number
    readonly payloadBytes: number
    readonly nowUs: number
    readonly flight: Flight
  }): number {
    const state = passLink({
      network: this.#request.chain.network,
      place,
      payloadBytes,
      // Noise is that of the text's own clock, as when it is decoded alone.
      sentUs: nowUs - startUs,
      sequence: index,
      state: shifted(this.#links[place] ?? idleLink, -startUs),
    })
    const after = shifted(state, startUs)
    this.#links[place] = after
    return after.arrivedUs
  }

  #serve(nowUs: number, { flight, node, window, sentUs }: Arrive): void {
    const costUs = computeUs(this.#request.chain.compute, node, flight.window(window).rows)
    const startUs = Math.max(nowUs, this.#nodeFreeUs[node] ?? 0)
    this.#nodeFreeUs[node] = startUs + costUs
    this.#busyUs[node] = (this.#busyUs[node] ?? 0) + costUs
    this.#queueUs += startUs - nowUs
    this.#served++
    flight.served(node, {
      linkMs: (nowUs - sentUs) / 1000,
      queueMs: (startUs - nowUs) / 1000,
      computeMs: costUs / 1000,
    })
    this.#events.add(startUs + costUs, { kind: 'send', flight, node: node + 1, window })
  }

  #apply(nowUs: number, { flight, sentUs }: Verdict): void {
    this.#endUs = Math.max(this.#endUs, nowUs)
    flight.apply(nowUs, sentUs)
    if (!flight.ended) {
      this.#draft(nowUs, flight)
      return
    }
    this.#done[flight.index] = flight.result(nowUs)
    this.#begin(nowUs)
  }
}

function shifted({ freeUs, arrivedUs }: LinkState, us: number): LinkState {
  return { freeUs: freeUs + us, arrivedUs: arrivedUs + us }
}
