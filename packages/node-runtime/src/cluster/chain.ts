import type { ActivationFormat, CoordinatorTransport, LinkModel } from '@dsd-lab/core'
import type { LinkCheck, MeasuredLink } from '../links/link-check.ts'
import { ReleaseSchedule } from '../links/release-schedule.ts'
import type { Listener } from '../shard/listener.ts'
import { type NodeCounters, protocolError, type ShardIdentity } from '../shard/messages.ts'
import { assignmentOf } from './chain-assignment.ts'
import { type CheckedChain, checkChainLinks, measureChainLinks } from './chain-check.ts'
import { controlLink, refuseMisfits } from './chain-plan.ts'
import { HeadLink } from './head-link.ts'
import { NodeConnection } from './node-connection.ts'
import { listenForVerdicts } from './verdict-listener.ts'

/** Largest frame that a node sends to the coordinator: verdicts with annotations, digests of a whole text. */
const MAX_ANSWER_BYTES = 1024 * 1024

export interface ChainOptions {
  /** `ws://host:port` of each node, head first. */
  readonly urls: readonly string[]
  /** Coordinator to head, head to next, ..., tail to coordinator. `[nodes + 1]` */
  readonly links: readonly LinkModel[]
  /** Secret of the cluster. */
  readonly key: string
  /** Plan generation. */
  readonly gen: number
  /** Keys the noise of the links. */
  readonly seed: number
  /** How hidden states travel between nodes. */
  readonly activations: ActivationFormat
  /** Where the tail can reach this coordinator. Default 127.0.0.1. */
  readonly host?: string
  /** Ends the opening, not the open chain. */
  readonly signal?: AbortSignal
  /** The control connection to a node ended. */
  onNodeEnd(node: number): void
}

/** The coordinator's connections to running shard processes: control to each, windows to the head, verdicts from the tail. */
export class Chain {
  readonly transport: CoordinatorTransport
  readonly #options: ChainOptions
  readonly #schedule = new ReleaseSchedule()
  readonly #nodes: NodeConnection[] = []
  #verdicts: Listener | undefined
  #head: HeadLink | undefined
  #lastWindow: Uint8Array | undefined
  #closed = false
  #onFrame: (frame: Uint8Array) => void = () => {}
  #onLost: (error: Error) => void = () => {}

  /**
   * Connects to every node, checks that they fit together, and assigns each its links.
   *
   * @throws DsdError `protocol` naming the node that does not answer or does not fit; the signal's reason when aborted.
   */
  static async open(options: ChainOptions): Promise<Chain> {
    const { signal } = options
    const chain = new Chain(options)
    const abort = () => void chain.close()
    try {
      signal?.addEventListener('abort', abort, { once: true })
      signal?.throwIfAborted()
      await chain.#open()
      return chain
    } catch (error) {
      await chain.close()
      signal?.throwIfAborted()
      throw error
    } finally {
      signal?.removeEventListener('abort', abort)
    }
  }

  private constructor(options: ChainOptions) {
    this.#options = options
    this.transport = {
      nodes: options.urls.length,
      planDelay: (payloadBytes) => this.#head?.planDelay(payloadBytes) ?? 0,
      sendToHead: (frame) => {
        this.#lastWindow = frame
        this.#head?.send(frame)
      },
      // To the head on the window's own link: first in, first out keeps the opening of a session ahead of its window.
      sendToAll: (frame) => {
        this.#head?.send(frame)
        for (const node of this.#nodes.slice(1)) node.send(frame)
      },
      listen: (listener) => {
        this.#onFrame = listener
      },
      onLost: (listener) => {
        this.#onLost = listener
      },
      close: () => this.close(),
    }
  }

  get gen(): number {
    return this.#options.gen
  }

  get identities(): ShardIdentity[] {
    return this.#nodes.map(({ identity }) => identity)
  }

  /** Tells the target that a node is lost for good. */
  lose(error: Error): void {
    this.#onLost(error)
  }

  /**
   * Connects to a restarted node in place of one that is gone; the others keep their sessions. The last window goes out
   * again: the new node answers that it knows nothing of the text, and the coordinator replays it.
   */
  async rejoin(node: number, url: string): Promise<void> {
    const old = this.#nodes[node]
    old?.close()
    this.#nodes[node] = await this.#connect(node, url)
    refuseMisfits(this.identities)
    await this.#assign(node)
    if (node === 0) await this.#dialHead()
    else await this.#assign(node - 1)
    if (this.#lastWindow !== undefined) this.#head?.send(this.#lastWindow)
  }

  /** Pings every emulated link, hops and return, and compares it with its declaration. `[nodes + 1]` */
  checkLinks(): Promise<LinkCheck[]> {
    return checkChainLinks(this.#checked())
  }

  /** Pings every link as it is. `[nodes + 1]` */
  measureLinks(): Promise<MeasuredLink[]> {
    return measureChainLinks(this.#checked())
  }

  /** What each node has done and refused. `[nodes]` */
  readCounters(): Promise<NodeCounters[]> {
    return Promise.all(this.#nodes.map((node) => node.readCounters()))
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#head?.close()
    for (const node of this.#nodes) node.close()
    await this.#verdicts?.close()
  }

  #checked(): CheckedChain {
    const { links, seed } = this.#options
    return { links, seed, head: this.#head, nodes: this.#nodes }
  }

  async #open(): Promise<void> {
    const { urls, key, host = '127.0.0.1' } = this.#options
    const onFrame = (frame: Uint8Array) => this.#onFrame(frame)
    this.#verdicts = await listenForVerdicts({ host, key, maxFrameBytes: MAX_ANSWER_BYTES, onFrame })
    const connecting = urls.map((url, node) => this.#connect(node, url))
    const connected = await Promise.allSettled(connecting)
    for (const result of connected) if (result.status === 'fulfilled') this.#nodes.push(result.value)
    for (const result of connected) if (result.status === 'rejected') throw result.reason
    refuseMisfits(this.identities)
    await Promise.all(this.#nodes.map((_, node) => this.#assign(node)))
    await this.#dialHead()
  }

  async #connect(node: number, url: string): Promise<NodeConnection> {
    const { key, links, seed, urls, onNodeEnd } = this.#options
    const connection = await NodeConnection.open({
      name: `node ${node}`,
      url,
      key,
      maxFrameBytes: MAX_ANSWER_BYTES,
      onFrame: (frame) => this.#onFrame(frame),
      onEnd: () => onNodeEnd(node),
    })
    const place = urls.length + 1 + node
    connection.declareLink({ spec: controlLink(links, node), seed, place }, this.#schedule)
    return this.#unlessClosed(connection)
  }

  /** What was dialled while the chain was closed is closed too. */
  #unlessClosed<T extends { close(): void }>(opened: T): T {
    if (!this.#closed) return opened
    opened.close()
    throw protocolError('cluster', 'the chain was closed meanwhile')
  }

  async #assign(node: number): Promise<void> {
    const urls = this.#nodes.map(({ url }) => url)
    const plan = { ...this.#options, urls, verdictUrl: this.#verdicts?.url ?? null }
    await this.#nodes[node]?.assign(assignmentOf(node, plan))
  }

  async #dialHead(): Promise<void> {
    const [head] = this.#nodes
    const [spec] = this.#options.links
    if (head === undefined || spec === undefined) return
    this.#head?.close()
    const { key, seed } = this.#options
    const schedule = this.#schedule
    const opened = await HeadLink.open({ url: head.url, key, spec, seed, schedule, maxFrameBytes: MAX_ANSWER_BYTES })
    this.#head = this.#unlessClosed(opened)
  }
}
