import { randomBytes } from 'node:crypto'
import type { ActivationFormat, LinkModel } from '@dsd-lab/core'
import { DsdError } from '@dsd-lab/core'
import type { LayerRange } from '../engines/decoder/decoder-weights.ts'
import type { Precision } from '../engines/precision.ts'
import type { EngineName } from '../engines/shard-engine.ts'
import { allOrNone } from './all-or-none.ts'
import { Chain } from './chain.ts'
import type { ClusterEvent } from './cluster-events.ts'
import { NodeProcess } from './node-process.ts'

/** A closed connection is noticed before the exit of the process that it led to. */
const EXIT_NOTICE_MS = 500
/** Restarts of one node after which it counts as lost for good. */
const MOST_RESTARTS = 3

export interface SupervisorOptions {
  readonly model: string
  /** `[nodes]` */
  readonly layers: readonly LayerRange[]
  /** `[nodes + 1]` */
  readonly links: readonly LinkModel[]
  readonly seed: number
  readonly activations: ActivationFormat
  readonly engine?: EngineName
  readonly precision?: Precision
  readonly ruleModules: readonly string[]
  readonly onNodeLoss: 'fail' | 'replace'
  readonly signal?: AbortSignal
  onEvent(event: ClusterEvent): void
}

/** Starts the shard processes of a cluster, connects them, watches them, and ends them whatever happens. */
export class Supervisor {
  readonly #options: SupervisorOptions
  readonly #key = randomBytes(16).toString('hex')
  readonly #processes: NodeProcess[] = []
  readonly #restarts: number[] = []
  readonly #handled = new WeakSet<NodeProcess>()
  /** Restarts that are under way. */
  readonly #replacing = new Set<Promise<void>>()
  readonly #ending = new AbortController()
  #chain: Chain | undefined
  #closing: Promise<void> | undefined

  /** @throws DsdError naming the node that cannot be started or does not fit; nothing is left running. */
  static async start(options: SupervisorOptions): Promise<Supervisor> {
    const supervisor = new Supervisor(options)
    try {
      await supervisor.#start()
      return supervisor
    } catch (error) {
      await supervisor.close()
      throw error
    }
  }

  private constructor(options: SupervisorOptions) {
    this.#options = options
  }

  get chain(): Chain {
    if (this.#chain === undefined) throw closed()
    return this.#chain
  }

  get pids(): number[] {
    return this.#processes.map(({ pid }) => pid)
  }

  /** Ends connections and processes; safe to call again. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #start(): Promise<void> {
    const { layers, links, seed, activations, signal } = this.#options
    const starts = layers.map((_, node) => async (ending: AbortSignal) => {
      this.#processes[node] = await this.#startNode(node, ending)
    })
    await allOrNone(starts, signal)
    this.#chain = await Chain.open({
      urls: this.#processes.map(({ url }) => url),
      links,
      key: this.#key,
      gen: 1,
      seed,
      activations,
      ...(signal && { signal }),
      onNodeEnd: (node) => void this.#lost(node),
    })
    for (const node of layers.keys()) this.#watch(node)
  }

  async #startNode(node: number, signal: AbortSignal): Promise<NodeProcess> {
    const { model, layers, engine, precision, ruleModules, onEvent } = this.#options
    const range = layers[node]
    if (range === undefined) throw new DsdError('has no layers', { kind: 'bad-input', where: `node ${node}` })
    const process = await NodeProcess.start({
      model,
      layers: range,
      node,
      nodes: layers.length,
      key: this.#key,
      ruleModules,
      ...(engine === undefined ? {} : { engine }),
      ...(precision === undefined ? {} : { precision }),
      signal,
    })
    onEvent({ type: 'node-started', node, pid: process.pid, layers: range })
    return process
  }

  #watch(node: number): void {
    void this.#processes[node]?.ended().then(() => this.#lost(node))
  }

  async #lost(node: number): Promise<void> {
    const process = this.#processes[node]
    if (this.#closing !== undefined || process === undefined || this.#handled.has(process)) return
    this.#handled.add(process)
    await Promise.race([process.ended(), new Promise((late) => setTimeout(late, EXIT_NOTICE_MS).unref())])
    if (this.#closing !== undefined) return
    const end = process.end ?? 'its connection closed'
    this.#options.onEvent({ type: 'node-lost', node, end })
    const restarts = this.#restarts[node] ?? 0
    if (this.#options.onNodeLoss === 'fail' || restarts >= MOST_RESTARTS) return this.#giveUp(node, end)
    this.#restarts[node] = restarts + 1
    const replacing = this.#replace(node).catch((error: unknown) => {
      if (this.#closing === undefined) this.#giveUp(node, `${end}; its replacement failed: ${lineOf(error)}`)
    })
    this.#replacing.add(replacing)
    await replacing
    this.#replacing.delete(replacing)
  }

  async #replace(node: number): Promise<void> {
    await this.#processes[node]?.close()
    const process = await this.#startNode(node, this.#ending.signal)
    this.#processes[node] = process
    this.#ending.signal.throwIfAborted()
    await this.#chain?.rejoin(node, process.url)
    this.#watch(node)
    this.#options.onEvent({ type: 'node-replaced', node, pid: process.pid })
  }

  #giveUp(node: number, end: string): void {
    this.#chain?.lose(
      new DsdError(`the shard process is gone (${end})`, {
        kind: 'environment',
        where: `node ${node}`,
        fix: 'open the cluster again and repeat the text',
      }),
    )
  }

  async #close(): Promise<void> {
    this.#ending.abort(closed())
    try {
      this.#chain?.lose(closed())
      await this.#chain?.close()
    } finally {
      await Promise.all(this.#replacing)
      await Promise.all(this.#processes.map((process) => process.close()))
    }
    this.#options.onEvent({ type: 'closed' })
  }
}

function closed(): DsdError {
  return new DsdError('the cluster is closed', { kind: 'interrupted', where: 'cluster', fix: 'open another one' })
}

function lineOf(error: unknown): string {
  return error instanceof DsdError ? error.line : String(error)
}
