import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'

const WARDEN = fileURLToPath(new URL('../../../sandbox/python/warden.py', import.meta.url))

/** What a program may take. Each process of it has these for itself; the time is that of all together. */
export interface PythonLimits {
  /** Wall time, milliseconds. */
  readonly wallMs: number
  readonly cpuSeconds: number
  /** Address space, megabytes. */
  readonly memoryMb: number
  /** Largest file, and all files together, megabytes. */
  readonly fileMb: number
  /** Processes and threads, where the system counts them. */
  readonly processes: number
  /** Namespaces of its own, where the system has them. */
  readonly isolate: boolean
  /** End the program as soon as the interpreter sees it try what is forbidden. */
  readonly guard: boolean
}

/** Beyond the limit of the program: for starting, for ending what it started, and for a machine that is busy. */
const GRACE_MS = 15_000
const MOST_REPLY_BYTES = 64 * 1024

/**
 * Runs `sandbox/python/warden.py` once, in a folder made for it.
 *
 * @param job what it reads; undefined to ask only how well the system isolates
 * @returns what it answers, parsed from JSON; undefined when it ended without an answer
 */
export async function runWarden({
  python,
  limits,
  job,
  signal,
}: {
  readonly python: string
  readonly limits: PythonLimits
  readonly job: unknown
  readonly signal?: AbortSignal
}): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), 'dsd-judge-'))
  try {
    const asked = JSON.stringify({ ...limits, probe: job === undefined })
    const child = spawn(python, ['-I', '-S', '-B', WARDEN, asked, folder], {
      cwd: folder,
      env: {},
      detached: true,
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    child.stdin.on('error', () => undefined)
    child.stdin.end(job === undefined ? '' : `${JSON.stringify(job)}\n`)
    const line = await reply(child, { afterMs: limits.wallMs + GRACE_MS, ...(signal === undefined ? {} : { signal }) })
    return line === undefined ? undefined : parsed(line)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function reply(
  child: ChildProcessByStdio<Writable, Readable, null>,
  { afterMs, signal }: { readonly afterMs: number; readonly signal?: AbortSignal },
): Promise<string | undefined> {
  return new Promise((resolve) => {
    let text = ''
    // Politely first: the warden then ends everything that it started.
    const stop = (): void => void child.kill('SIGTERM')
    const kill = (): void => void child.kill('SIGKILL')
    const timers = [setTimeout(stop, afterMs), setTimeout(kill, afterMs + GRACE_MS)]
    signal?.addEventListener('abort', stop)
    process.on('exit', stop)
    const end = (line: string | undefined): void => {
      for (const timer of timers) clearTimeout(timer)
      signal?.removeEventListener('abort', stop)
      process.off('exit', stop)
      resolve(line)
    }
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      text += part
      if (text.length > MOST_REPLY_BYTES) kill()
    })
    child.on('error', () => end(undefined))
    child.on('close', () => end(text.endsWith('\n') ? text.trim() : undefined))
  })
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
