import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'

const GUEST = fileURLToPath(new URL('../../sandbox/guest.mjs', import.meta.url))

/** Node 22.13 dropped the "experimental" from the flag. */
const PERMISSION = process.allowedNodeEnvironmentFlags.has('--permission')
  ? '--permission'
  : '--experimental-permission'

/** What one line of the guest's output was, or why none came. */
export type GuestReply =
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'timeout' }
  /** `killed`: by somebody else on this machine, or by its memory running out. */
  | { readonly kind: 'ended'; readonly outOfMemory: boolean; readonly killed: boolean }

/**
 * A running `sandbox/guest.mjs`: no environment, no file but its own source, no child processes, no workers, no code from
 * strings, a limited heap. It leads a process group, so that a kill takes all that belongs to it. A program that never ends does not
 * outlive this process, not even its SIGKILL.
 */
export class GuestProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>
  readonly #lines: string[] = []
  readonly #mourner: ChildProcess | undefined
  #end: GuestReply | undefined
  #wake: (() => void) | undefined

  constructor(memoryMb: number) {
    const flags = [
      PERMISSION,
      `--allow-fs-read=${GUEST}`,
      `--max-old-space-size=${memoryMb}`,
      '--disallow-code-generation-from-strings',
      '--unhandled-rejections=none',
      '--no-warnings',
    ]
    this.#child = spawn(process.execPath, [...flags, GUEST], {
      env: {},
      cwd: tmpdir(),
      detached: true,
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    this.#mourner = this.#child.pid === undefined ? undefined : mournerOf(this.#child.pid)
    const ended = (reply: GuestReply) => {
      this.#end ??= reply
      this.#wake?.()
    }
    this.#child.on('error', () => ended({ kind: 'ended', outOfMemory: false, killed: false }))
    this.#child.on('close', (code, signal) => {
      process.off('exit', this.#killGroup)
      this.#mourner?.kill('SIGKILL')
      const outOfMemory = signal === 'SIGABRT' || signal === 'SIGTRAP' || code === 134
      ended({ kind: 'ended', outOfMemory, killed: signal === 'SIGKILL' || signal === 'SIGTERM' })
    })
    this.#child.stdin.on('error', () => undefined)
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      this.#lines.push(line)
      this.#wake?.()
    })
    process.on('exit', this.#killGroup)
  }

  send(line: string): void {
    this.#child.stdin.write(`${line}\n`)
  }

  /** The next line, or why there is none within `waitMs`. One caller at a time. */
  async next(waitMs: number): Promise<GuestReply> {
    const deadline = performance.now() + waitMs
    for (;;) {
      const text = this.#lines.shift()
      if (text !== undefined) return { kind: 'line', text }
      if (this.#end !== undefined) return this.#end
      const left = deadline - performance.now()
      if (left <= 0) return { kind: 'timeout' }
      await new Promise<void>((wake) => {
        const timer = setTimeout(wake, left)
        this.#wake = () => {
          clearTimeout(timer)
          wake()
        }
      })
    }
  }

  /** SIGKILL to the whole group; resolves when the process is gone. */
  async kill(): Promise<void> {
    if (this.#end?.kind === 'ended') return
    const closed = once(this.#child, 'close')
    this.#killGroup()
    await closed
  }

  readonly #killGroup = (): void => {
    const { pid } = this.#child
    if (pid === undefined) return
    try {
      process.kill(-pid, 'SIGKILL')
    } catch {
      // Gone already, or a platform without process groups.
      this.#child.kill('SIGKILL')
    }
  }
}

/**
 * A shell that waits for the end of its standard input, which comes when this process is gone, however it went, and then kills the group.
 * The guest cannot do so itself: its one thread may be in a program that never ends. Where there is no shell, nothing waits.
 */
function mournerOf(group: number): ChildProcess {
  const mourner = spawn('/bin/sh', ['-c', `read -r _; kill -s KILL -- -${group}`], {
    env: {},
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  mourner.on('error', () => undefined)
  return mourner
}
