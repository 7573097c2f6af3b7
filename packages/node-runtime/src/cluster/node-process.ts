import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { LayerRange } from '../engines/decoder/decoder-weights.ts'
import type { Precision } from '../engines/precision.ts'
import type { EngineName } from '../engines/shard-engine.ts'
import { protocolError } from '../shard/messages.ts'
import { endOf, spawnNode } from './spawn-node.ts'

/** How long a node may take to end when asked, ms; then it is killed. */
const END_MS = 2000

export interface NodeProcessOptions {
  readonly model: string
  readonly layers: LayerRange
  readonly node: number
  readonly nodes: number
  readonly key: string
  readonly engine?: EngineName
  readonly precision?: Precision
  /** Modules that register acceptance rules. */
  readonly ruleModules: readonly string[]
  readonly signal?: AbortSignal
}

/** A running shard process of this machine. */
export class NodeProcess {
  /** `ws://host:port` */
  readonly url: string
  readonly #child: ChildProcess

  /**
   * Starts `dsd-node` and waits until it is ready.
   *
   * @throws DsdError as the node reports it, naming the node; the signal's reason when aborted.
   */
  static async start({ key, signal, ...shard }: NodeProcessOptions): Promise<NodeProcess> {
    const name = `node ${shard.node}`
    const args = argumentsOf(shard)
    const { child, report } = await spawnNode({
      args,
      env: { DSD_KEY: key },
      name,
      ...(signal && { signal }),
    })
    if (report.event === 'ready') return new NodeProcess(report.url, child)
    throw protocolError(name, `reported ${report.event} instead of an address`)
  }

  private constructor(url: string, child: ChildProcess) {
    this.url = url
    this.#child = child
  }

  get pid(): number {
    return this.#child.pid ?? -1
  }

  /** How it ended, or undefined while it runs: `exit code 1`, `SIGKILL`. */
  get end(): string | undefined {
    return endOf(this.#child)
  }

  /** Resolves when the process has ended. */
  async ended(): Promise<void> {
    if (this.end === undefined) await once(this.#child, 'exit')
  }

  /** Asks it to end, and kills it when it does not. */
  async close(): Promise<void> {
    if (this.end !== undefined) return
    const kill = setTimeout(() => this.#child.kill('SIGKILL'), END_MS)
    this.#child.kill('SIGTERM')
    await this.ended()
    clearTimeout(kill)
  }
}

function argumentsOf(shard: Omit<NodeProcessOptions, 'key' | 'signal'>): string[] {
  const { model, layers, node, nodes, engine, precision, ruleModules } = shard
  return [
    ...['--model', model, '--layers', `${layers.from}:${layers.to}`, '--node', `${node}`, '--nodes', `${nodes}`],
    ...(engine === undefined ? [] : ['--engine', engine]),
    ...(precision === undefined ? [] : ['--precision', precision]),
    ...ruleModules.flatMap((module) => ['--rules', module]),
  ]
}
