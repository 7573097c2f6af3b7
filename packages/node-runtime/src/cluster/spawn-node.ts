import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { DsdError } from '@dsd-lab/core'
import { type NodeReport, readNodeReport } from '../cli/node-report.ts'
import { nodeCommand } from './node-command.ts'

const STDERR_BYTES = 4096

export interface SpawnOptions {
  /** Options of `dsd-node`. */
  readonly args: readonly string[]
  readonly env?: NodeJS.ProcessEnv
  /** What errors call the process. */
  readonly name: string
  readonly signal?: AbortSignal
}

export type SuccessReport = Exclude<NodeReport, { event: 'failed' }>

export interface SpawnedNode {
  readonly child: ChildProcess
  readonly report: SuccessReport
}

const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/**
 * Starts `dsd-node` as this process would run it, and waits for the line that it prints. It ends with this process: killed
 * when that exits, and by itself when the channel between them closes.
 *
 * @throws DsdError as the node reports it; `environment` when it ends without a word; the signal's reason when aborted.
 *   Nothing is left running.
 */
export async function spawnNode({ args, env, name, signal }: SpawnOptions): Promise<SpawnedNode> {
  const child = spawn(process.execPath, [...nodeCommand(), ...args], {
    // The fourth channel is only there to close when this process goes away, whatever ends it.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Many nodes share the cores of this machine: one thread each.
    env: { ...process.env, ...env, OMP_NUM_THREADS: '1', TF_NUM_INTRAOP_THREADS: '1', TF_NUM_INTEROP_THREADS: '1' },
  })
  running.add(child)
  child.once('exit', () => running.delete(child))
  try {
    return { child, report: await firstReport(child, name, signal) }
  } catch (error) {
    if (child.kill('SIGKILL')) await once(child, 'exit')
    throw error
  }
}

/** How a process ended, or undefined while it runs: `exit code 1`, `SIGKILL`. */
export function endOf({ exitCode, signalCode }: ChildProcess): string | undefined {
  return signalCode ?? (exitCode === null ? undefined : `exit code ${exitCode}`)
}

async function firstReport(child: ChildProcess, name: string, signal?: AbortSignal): Promise<SuccessReport> {
  const { stdout, stderr } = child
  if (stdout === null || stderr === null) throw new DsdError('has no output', { kind: 'environment', where: name })
  let complaint = ''
  stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-STDERR_BYTES)
  })
  const failure = (message: string, fix: string, cause?: unknown) =>
    new DsdError(message, { kind: 'environment', where: name, fix, cause })
  return new Promise<SuccessReport>((reported, failed) => {
    const abort = () => failed(signal?.reason)
    if (signal?.aborted === true) abort()
    signal?.addEventListener('abort', abort, { once: true })
    const settled = () => signal?.removeEventListener('abort', abort)
    child.once('error', (cause) => {
      settled()
      failed(failure(`cannot be started (${cause.message})`, 'look whether this machine can start processes', cause))
    })
    child.once('close', () => {
      settled()
      const words = complaint.trim().split('\n').at(-1)
      const said = words === undefined || words === '' ? '' : ` (${words})`
      failed(failure(`ended with ${endOf(child)} before it was ready${said}`, 'look at its memory and start it again'))
    })
    createInterface({ input: stdout }).on('line', (line) => {
      const report = readNodeReport(line)
      if (report === undefined) return
      settled()
      if (report.event === 'failed') failed(errorOf(report, name))
      else reported(report)
    })
  })
}

function errorOf({ message, kind, where, fix }: Extract<NodeReport, { event: 'failed' }>, name: string): DsdError {
  const place = where === undefined ? name : `${name}: ${where}`
  return new DsdError(message, { kind, where: place, ...(fix === undefined ? {} : { fix }) })
}
