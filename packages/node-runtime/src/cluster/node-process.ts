import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { DsdError } from '@dsd-lab/core'
import { type NodeReport, readNodeReport } from '../cli/node-report.ts'
import type { EngineName } from '../engines/shard-engine.ts'
import { nodeCommand } from './node-command.ts'
import type { LayerRange } from './place-layers.ts'

/** How long a node may take to end when asked, ms; then it is killed. */
const END_MS = 2000
const STDERR_BYTES = 4096

export interface NodeProcessOptions {
  readonly model: string
  readonly layers: LayerRange
  readonly node: number
  readonly nodes: number
  readonly key: string
  readonly engine?: EngineName
  /** Modules that register acceptance rules. */
  readonly ruleModules: readonly string[]
  /** Interpreter options and script. Default: `dsd-node` as this process would run it. */
  readonly command?: readonly string[]
  readonly signal?: AbortSignal
}

/** A running shard process of this machine. */
export class NodeProcess {
  readonly node: number
  readonly url: string
  readonly #child: ChildProcess

  /**
   * Starts `dsd-node` and waits until it is ready.
   *
   * @throws DsdError as the node reports it, naming the node; `environment` when it ends without a word; the signal's
   *   reason when aborted.
   */
  static async start(options: NodeProcessOptions): Promise<NodeProcess> {
    const child = spawnNode(options)
    const killOnExit = () => child.kill('SIGKILL')
    process.once('exit', killOnExit)
    child.once('exit', () => process.off('exit', killOnExit))
    try {
      return new NodeProcess(options.node, await readyUrl(child, options), child)
    } catch (error) {
      const isRunning = child.kill('SIGKILL')
      if (isRunning) await once(child, 'exit')
      throw error
    }
  }

  private constructor(node: number, url: string, child: ChildProcess) {
    this.node = node
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

function spawnNode(options: NodeProcessOptions): ChildProcess {
  const { model, layers, node, nodes, key, engine, ruleModules, command = nodeCommand() } = options
  const args = ['--model', model, '--layers', `${layers.from}:${layers.to}`, '--node', `${node}`, '--nodes', `${nodes}`]
  if (engine !== undefined) args.push('--engine', engine)
  for (const module of ruleModules) args.push('--rules', module)
  return spawn(process.execPath, [...command, ...args], {
    // The fourth channel is only there to close when this process goes away, whatever ends it.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      ...process.env,
      DSD_KEY: key,
      OMP_NUM_THREADS: '1',
      TF_NUM_INTRAOP_THREADS: '1',
      TF_NUM_INTEROP_THREADS: '1',
    },
  })
}

async function readyUrl(child: ChildProcess, { node, signal }: NodeProcessOptions): Promise<string> {
  const where = `node ${node}`
  const { stdout, stderr } = child
  if (stdout === null || stderr === null) throw new DsdError('has no output to read', { kind: 'environment', where })
  let complaint = ''
  stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-STDERR_BYTES)
  })
  return new Promise<string>((ready, failed) => {
    const abort = () => failed(signal?.reason)
    if (signal?.aborted === true) abort()
    signal?.addEventListener('abort', abort, { once: true })
    const settled = () => signal?.removeEventListener('abort', abort)
    child.once('error', (cause) => {
      settled()
      failed(new DsdError(`cannot be started (${cause.message})`, { kind: 'environment', where, cause }))
    })
    child.once('close', () => {
      settled()
      const words = complaint.trim().split('\n').at(-1)
      const said = words === undefined || words === '' ? '' : ` (${words})`
      failed(
        new DsdError(`ended with ${endOf(child)} before it was ready${said}`, {
          kind: 'environment',
          where,
          fix: 'look at its memory and start the cluster again',
        }),
      )
    })
    createInterface({ input: stdout }).on('line', (line) => {
      const report = readNodeReport(line)
      if (report === undefined) return
      settled()
      if (report.event === 'ready') ready(report.url)
      else failed(reported(report, where))
    })
  })
}

function reported(report: Extract<NodeReport, { event: 'failed' }>, where: string): DsdError {
  const place = report.where === undefined ? where : `${where}: ${report.where}`
  return new DsdError(report.message, {
    kind: report.kind,
    where: place,
    ...(report.fix === undefined ? {} : { fix: report.fix }),
  })
}

function endOf({ exitCode, signalCode }: ChildProcess): string | undefined {
  return signalCode ?? (exitCode === null ? undefined : `exit code ${exitCode}`)
}
