import { VirtualClock } from '../clock/virtual.ts'
import { DsdError } from '../errors.ts'
import { type ComputeModel, computeUs } from '../latency-model/compute.ts'
import { idleLink, type LinkState, type NetworkModel, passLink } from '../latency-model/network.ts'
import type { CoordinatorMachine } from './coordinator-machine.ts'
import type { CoordinatorPort, CoordinatorSession } from './coordinator-session.ts'
import { decodeFrame } from './frames/decode.ts'
import { encodeFrame, frameBytes } from './frames/encode.ts'
import type { Frame } from './frames/frame.ts'
import type { FrameLimits } from './frames/limits.ts'
import { withLinkDelay } from './frames/trailer.ts'
import type { Shard } from './shard.ts'
import type { Outgoing, Service } from './shard-machine.ts'

export interface VirtualChainOptions {
  readonly network: NetworkModel
  readonly compute: ComputeModel
  /** `[nodes]` */
  readonly shards: readonly Shard[]
  /** Index of the text; keys the noise of the links. */
  readonly sequence: number
  readonly limits: FrameLimits
  /** Runs one engine call at a time. */
  exclusive<T>(run: () => Promise<T>): Promise<T>
}

/**
 * Links and shards of one text on a virtual clock, as real as the frames: data frames take the time that the network model
 * says, windows occupy a node for as long as the compute model says, control frames arrive at once.
 */
export class VirtualChain {
  readonly #options: VirtualChainOptions
  readonly #clock = new VirtualClock()
  readonly #links: LinkState[]
  readonly #busy = new Set<Shard>()
  #session: CoordinatorSession | undefined
  #running = false

  constructor(options: VirtualChainOptions) {
    this.#options = options
    this.#links = Array.from({ length: options.shards.length + 1 }, () => idleLink)
  }

  attach(session: CoordinatorSession): void {
    this.#session = session
  }

  portFor(machine: CoordinatorMachine, closed: () => void): CoordinatorPort {
    return {
      now: () => this.#clock.now(),
      spend: (ms) => this.#clock.sleep(ms),
      send: (to, frame) => this.#send(to, frame),
      wait: (rows) => {
        if (rows !== undefined && !this.#running) void this.#run(machine)
      },
      closed: () => {
        for (const shard of this.#options.shards) shard.machine.sessions.clear()
        closed()
      },
    }
  }

  /** Lets events happen until the round has its verdict. */
  async #run(machine: CoordinatorMachine): Promise<void> {
    this.#running = true
    try {
      while (machine.waiting) {
        if (await this.#clock.advance()) continue
        throw new DsdError('no frame is in flight and no verdict came', { kind: 'protocol', where: 'virtual clock' })
      }
    } catch (error) {
      this.#session?.lost(error instanceof Error ? error : new Error(String(error)))
    } finally {
      this.#running = false
    }
  }

  #send(to: 'head' | 'all', frame: Frame): number {
    const [head] = this.#options.shards
    if (to === 'head' && head !== undefined) return this.#pass(0, frame, (bytes) => this.#receive(head, bytes))
    for (const shard of this.#options.shards) this.#receive(shard, encodeFrame(frame))
    return 0
  }

  /** Sends a data frame over a link; returns the microseconds it takes. */
  #pass(place: number, frame: Frame, deliver: (bytes: Uint8Array) => void): number {
    const { network, sequence } = this.#options
    const sentUs = this.#clock.nowUs
    const state = this.#links[place] ?? idleLink
    const after = passLink({ network, place, sequence, payloadBytes: frameBytes(frame), sentUs, state })
    this.#links[place] = after
    const linkUs = after.arrivedUs - sentUs
    const bytes = encodeFrame(withLinkDelay(frame, linkUs))
    this.#clock.at(after.arrivedUs, () => deliver(bytes))
    return linkUs
  }

  #receive(shard: Shard, bytes: Uint8Array): void {
    this.#forward(shard, shard.receive(bytes, this.#clock.nowUs))
    this.#clock.at(this.#clock.nowUs, () => this.#serve(shard))
  }

  #forward(shard: Shard, outgoing: readonly Outgoing[]): void {
    const { shards } = this.#options
    const next = shards[shards.indexOf(shard) + 1]
    for (const { to, frame } of outgoing) {
      if (to === 'next' && next !== undefined) {
        this.#pass(shards.indexOf(next), frame, (bytes) => this.#receive(next, bytes))
      } else if (frame.type === 'verdict') this.#pass(shards.length, frame, (bytes) => this.#toCoordinator(bytes))
      else this.#toCoordinator(encodeFrame(frame))
    }
  }

  #toCoordinator(bytes: Uint8Array): void {
    const decoded = decodeFrame(bytes, this.#options.limits)
    if (decoded.ok) this.#session?.receive(decoded.frame)
    else this.#session?.lost(new DsdError(decoded.detail, { kind: 'protocol', where: 'coordinator' }))
  }

  /** Computes the next window now; its effects come after the time that the model charges. */
  async #serve(shard: Shard): Promise<void> {
    if (this.#busy.has(shard)) return
    const service = shard.machine.next(this.#clock.nowUs)
    if (service === undefined) return
    this.#busy.add(shard)
    const finish = await this.#compute(shard, service)
    const { shards, compute } = this.#options
    const costUs = computeUs(compute, shards.indexOf(shard), service.window.ids.length)
    this.#clock.at(service.startedUs + costUs, () => {
      this.#busy.delete(shard)
      this.#forward(shard, finish())
      return this.#serve(shard)
    })
  }

  async #compute(shard: Shard, service: Service): Promise<() => Outgoing[]> {
    try {
      const output = await this.#options.exclusive(() => shard.compute(service))
      return () => this.#judged(shard, service, () => shard.machine.complete(service, output, () => this.#clock.nowUs))
    } catch (error) {
      return () => shard.machine.fail(service, error)
    }
  }

  #judged(shard: Shard, service: Service, complete: () => Outgoing[]): Outgoing[] {
    try {
      return complete()
    } catch (error) {
      return shard.machine.fail(service, error)
    }
  }
}
