import { encodeFrame, frameBytes } from './frames/encode.ts'
import { withLinkDelay } from './frames/trailer.ts'
import type { ShardCounters, ShardHost, ShardHostOptions } from './host.ts'
import { Shard } from './shard.ts'
import type { Outgoing } from './shard-machine.ts'

/**
 * One shard behind a transport: decodes frames, computes admitted windows one at a time in order, sends what follows.
 * Never throws out of `receive`: a malformed frame, an unknown rule or a failing engine is answered with a NACK.
 */
export function shardHost(options: ShardHostOptions): ShardHost {
  return new LiveShard(options)
}

class LiveShard implements ShardHost {
  readonly #options: ShardHostOptions
  readonly #shard: Shard
  #working = Promise.resolve()
  #busy = false
  #closed = false

  constructor(options: ShardHostOptions) {
    this.#options = options
    this.#shard = new Shard(options)
  }

  get counters(): ShardCounters {
    return this.#shard.machine.counters
  }

  receive(frame: Uint8Array): void {
    if (this.#closed) return
    this.#send(this.#shard.receive(frame, this.#nowUs()))
    if (!this.#busy) this.#working = this.#work()
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#shard.machine.sessions.clear()
    await this.#working
  }

  async #work(): Promise<void> {
    const { machine } = this.#shard
    this.#busy = true
    for (let service = machine.next(this.#nowUs()); service !== undefined; service = machine.next(this.#nowUs())) {
      try {
        const output = await this.#shard.compute(service)
        this.#send(machine.complete(service, output, () => this.#nowUs()))
      } catch (error) {
        this.#send(machine.fail(service, error))
      }
    }
    this.#busy = false
  }

  #nowUs(): number {
    return Math.round(this.#options.now() * 1000)
  }

  #send(outgoing: readonly Outgoing[]): void {
    if (this.#closed) return
    for (const { to, frame } of outgoing) {
      const linkUs = this.#options.planDelay?.(to, frameBytes(frame)) ?? 0
      this.#options.send(to, encodeFrame(withLinkDelay(frame, linkUs)))
    }
  }
}
