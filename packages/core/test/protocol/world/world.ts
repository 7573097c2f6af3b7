import type { ShardCompute } from '../../../src/index.ts'
import type { CoordinatorEffect } from '../../../src/protocol/coordinator-effects.ts'
import type { CoordinatorGuards } from '../../../src/protocol/coordinator-guards.ts'
import { CoordinatorMachine } from '../../../src/protocol/coordinator-machine.ts'
import { decodeFrame, type IntegrityCheck } from '../../../src/protocol/frames/decode.ts'
import { encodeFrame } from '../../../src/protocol/frames/encode.ts'
import type { FrameLimits } from '../../../src/protocol/frames/limits.ts'
import { encodeOpen } from '../../../src/protocol/open-request.ts'
import { Shard } from '../../../src/protocol/shard.ts'
import type { ShardGuards } from '../../../src/protocol/shard-guards.ts'
import type { Outgoing } from '../../../src/protocol/shard-machine.ts'
import type { TailGuards } from '../../../src/protocol/tail.ts'
import { mix } from '../../fixtures/hash-model.ts'
import { resolveTestRule } from '../../fixtures/rules.ts'
import { Channel } from './mail.ts'
import type { Scenario } from './scenario.ts'
import { Watch } from './watch.ts'

export interface WorldOptions {
  readonly scenario: Scenario
  readonly nodes: number
  /** Largest window; the actual one varies by round. */
  readonly gamma: number
  /** Rows of one window: small, so that prompts and replays travel in chunks. */
  readonly maxRows: number
  /** Deliberate bugs. */
  readonly guards?: {
    readonly shard?: ShardGuards
    readonly tail?: TailGuards
    readonly coordinator?: CoordinatorGuards
    readonly isIntact?: IntegrityCheck
  }
  /** Every fence is lost. */
  readonly dropCancels?: boolean
  /** Every frame arrives twice. */
  readonly doubleFrames?: boolean
}

interface Node {
  readonly compute: ShardCompute
  shard: Shard
  boot: number
  /** Completion of the window in the engine. */
  finish: (() => Outgoing[]) | undefined
  rowsBefore: number
}

const MODEL_DIGEST = 'hash model'
const MOST_STEPS = 5_000

/**
 * Coordinators, shards and channels without a clock: whoever drives it decides what happens next. All parties are the real
 * machines with the real codec; every frame passes as bytes.
 */
export class World {
  readonly watch: Watch
  readonly #options: WorldOptions
  readonly #limits: FrameLimits
  readonly #nodes: Node[]
  readonly #data: Channel[]
  readonly #verdicts = new Channel('tail to coordinator')
  readonly #down: Channel[]
  readonly #up: Channel[]
  /** The newest is in charge; older ones do not know that they were replaced. */
  readonly #coordinators: CoordinatorMachine[] = []
  #term = 0
  /** Whether a round was proposed, and applied, since the last crash. */
  #sinceCrash: 'nothing' | 'proposed' | 'applied' = 'nothing'

  constructor(options: WorldOptions) {
    const { scenario, nodes, maxRows } = options
    this.#options = options
    this.watch = new Watch(scenario)
    this.#limits = { maxRows, maxLength: scenario.maxLength, vocabSize: scenario.vocabSize, hiddenSize: 2 }
    const all = Array.from({ length: nodes }, (_, node) => node)
    this.#data = all.map((node) => new Channel(`data to ${node}`))
    this.#down = all.map((node) => new Channel(`control to ${node}`))
    this.#up = all.map((node) => new Channel(`control from ${node}`))
    this.#nodes = scenario.shards(nodes).map((compute, node) => {
      return { compute, shard: this.#shard(compute, node, 1), boot: 1, finish: undefined, rowsBefore: 0 }
    })
    this.#takeOver(scenario.prompt)
  }

  get channels(): readonly Channel[] {
    return [...this.#data, this.#verdicts, ...this.#down, ...this.#up]
  }

  get nodes(): number {
    return this.#nodes.length
  }

  get done(): boolean {
    return this.#current.ended && !this.#current.waiting
  }

  get rowsComputed(): number {
    return this.#nodes.reduce((sum, { shard, rowsBefore }) => sum + rowsBefore + shard.machine.counters.rowsComputed, 0)
  }

  get duplicates(): number {
    return this.#nodes.reduce((sum, { shard }) => sum + shard.machine.counters.duplicates, 0)
  }

  get coordinator(): CoordinatorMachine {
    return this.#current
  }

  get replaced(): number {
    return this.#coordinators.length - 1
  }

  /** Everything that can happen without a fault; drives the world when called one by one. */
  enabled(): (() => Promise<void> | void)[] {
    const deliveries = this.channels.filter(({ frames }) => frames.length > 0).map((one) => () => this.#deliver(one))
    const services = this.#nodes.map((node, place) => () => this.#serve(node, place))
    const runnable = services.filter((_, place) => {
      const node = this.#nodes[place]
      return node !== undefined && (node.finish !== undefined || node.shard.machine.hasWork)
    })
    const proposals = this.#current.waiting || this.done ? [] : [() => this.#propose(this.#current)]
    return [...deliveries, ...runnable, ...proposals]
  }

  /** One thing that can happen; false when nothing can. */
  async step(choice: number): Promise<boolean> {
    const steps = this.enabled()
    const next = steps[choice % Math.max(steps.length, 1)]
    await next?.()
    return next !== undefined
  }

  deadline(): void {
    this.#perform(this.#current, this.#current.deadline())
  }

  /** The user gives the round up; decoding goes on later. */
  abort(): void {
    this.#perform(this.#current, this.#current.cancel())
  }

  crashShard(place: number): void {
    const node = this.#nodes[place]
    if (node === undefined) return
    node.rowsBefore += node.shard.machine.counters.rowsComputed
    node.boot++
    node.shard = this.#shard(node.compute, place, node.boot)
    node.finish = undefined
    this.#sinceCrash = 'nothing'
  }

  /** A coordinator with the first tokens of the ledger takes over; the old one lives on as a zombie. */
  replaceCoordinator(lag: number): void {
    const { prompt, golden } = this.#options.scenario
    // A text that has ended needs no coordinator any more: take over a little before its end.
    const kept = Math.min(this.watch.shown.length - lag, golden.length - 1)
    this.#takeOver(this.watch.shown.slice(0, Math.max(prompt.length, kept)))
  }

  /** A coordinator that was replaced goes on as if nothing had happened. */
  zombie(choice: number): void {
    const zombie = this.#coordinators[choice % Math.max(this.replaced, 1)]
    if (zombie === undefined || zombie === this.#current || zombie.ended) return
    if (zombie.waiting) this.#perform(zombie, zombie.deadline())
    else this.#propose(zombie)
  }

  /** Without further faults: every message arrives, every party works, deadlines pass only when nothing else can happen. */
  async settle(): Promise<void> {
    for (let step = 0; step < MOST_STEPS && !this.done && this.watch.violations.length === 0; step++) {
      if (!(await this.step(step))) this.deadline()
    }
    if (!this.done && this.watch.violations.length === 0)
      this.watch.violated('INV-LIVENESS', `${this.watch.shown.length} tokens after ${MOST_STEPS} steps`)
    await this.#drain()
    const shards = this.#nodes.map(({ shard }) => shard)
    if (this.#sinceCrash === 'applied') this.watch.shardsAgree(shards)
    this.watch.bounds(shards)
  }

  async close(): Promise<void> {
    this.#perform(this.#current, this.#current.close())
    await this.#drain()
    this.watch.nothingLeft(this.#nodes.map(({ shard }) => shard))
  }

  /** What is still under way arrives. */
  async #drain(): Promise<void> {
    for (let step = 0; step < MOST_STEPS && (await this.step(0)); step++);
  }

  get #current(): CoordinatorMachine {
    const current = this.#coordinators.at(-1)
    if (current === undefined) throw new Error('a world without a coordinator')
    return current
  }

  #takeOver(ids: readonly number[]): void {
    this.#sinceCrash = 'nothing'
    const { scenario, nodes, maxRows, guards } = this.#options
    const { prompt, sampling, seed, maxLength, eos } = scenario
    const request = { prompt, rule: { name: 'coupled' }, sampling, seed, sequence: 0, maxLength, eos }
    this.#term++
    this.#coordinators.push(
      new CoordinatorMachine({
        gen: 1,
        session: 7,
        term: this.#term,
        nodes,
        open: encodeOpen(request, MODEL_DIGEST),
        ids,
        eos,
        maxRows,
        patience: { resends: 1, surveys: Number.POSITIVE_INFINITY, replays: Number.POSITIVE_INFINITY },
        ...(guards?.coordinator && { guards: guards.coordinator }),
      }),
    )
  }

  #shard(compute: ShardCompute, node: number, boot: number): Shard {
    const { nodes, maxRows, guards } = this.#options
    const { shard, tail, isIntact } = guards ?? {}
    return new Shard({
      compute,
      node,
      nodes,
      gen: 1,
      boot,
      resolveRule: resolveTestRule,
      maxRows,
      guards: { ...(shard && { shard }), ...(tail && { tail }), ...(isIntact && { isIntact }) },
    })
  }

  #propose(coordinator: CoordinatorMachine): void {
    const { scenario, gamma } = this.#options
    const committed = coordinator.ledger.ids.length
    const room = scenario.maxLength - committed - 1
    if (room < 0) return
    const window = Math.min(mix(scenario.seed, committed) % (gamma + 1), room)
    if (coordinator === this.#current) this.#sinceCrash = 'proposed'
    this.#perform(coordinator, coordinator.propose({ drafted: scenario.draft(committed, window) }))
  }

  #deliver(channel: Channel): void {
    const bytes = channel.take()
    if (bytes === undefined) return
    this.watch.delivered(channel.name, bytes)
    for (const place of this.#nodes.keys()) {
      if (channel === this.#data[place] || channel === this.#down[place]) this.#toShard(place, bytes)
    }
    if (channel === this.#verdicts || this.#up.includes(channel)) this.#toCoordinators(bytes)
  }

  #toShard(place: number, bytes: Uint8Array): void {
    const node = this.#nodes[place]
    if (node !== undefined) this.#post(place, node.shard.receive(bytes, 0))
  }

  #toCoordinators(bytes: Uint8Array): void {
    const decoded = decodeFrame(bytes, this.#limits, this.#options.guards?.isIntact)
    if (!decoded.ok) return
    for (const coordinator of this.#coordinators) this.#perform(coordinator, coordinator.receive(decoded.frame))
  }

  async #serve(node: Node, place: number): Promise<void> {
    if (node.finish !== undefined) {
      const outgoing = node.finish()
      node.finish = undefined
      this.#post(place, outgoing)
      return
    }
    const { machine } = node.shard
    const service = machine.next(0)
    if (service === undefined) return
    this.watch.served(service)
    const output = await node.shard.compute(service)
    node.finish = () => machine.complete(service, output, () => 0)
  }

  #post(place: number, outgoing: readonly Outgoing[]): void {
    for (const { to, frame } of outgoing) {
      if (frame.type === 'verdict') this.watch.judged(frame, this.#nodes[place]?.boot ?? 0)
      const channel =
        to === 'next' ? this.#data[place + 1] : frame.type === 'verdict' ? this.#verdicts : this.#up[place]
      if (channel !== undefined) this.#put(channel, encodeFrame(frame))
    }
  }

  #put(channel: Channel, bytes: Uint8Array): void {
    channel.send(bytes)
    if (this.#options.doubleFrames) channel.send(bytes)
  }

  #perform(coordinator: CoordinatorMachine, effects: readonly CoordinatorEffect[]): void {
    const [head] = this.#data
    for (const effect of effects) {
      if (effect.do === 'apply') {
        if (coordinator === this.#current && this.#sinceCrash === 'proposed') this.#sinceCrash = 'applied'
        this.watch.applied({ round: effect.round, coordinator, inCharge: coordinator === this.#current })
      } else if (effect.do === 'fail') this.watch.failed(effect.failure)
      else if (effect.frame.type === 'cancel' && this.#options.dropCancels) continue
      else
        for (const channel of effect.to === 'head' ? [head] : this.#down) {
          if (channel !== undefined) this.#put(channel, encodeFrame(effect.frame))
        }
    }
    if (coordinator === this.#current) this.watch.coordinator(coordinator)
  }
}
