import { type ChildProcess, spawn } from 'node:child_process'

export interface CommandResult {
  /** Undefined when the program could not be started or was killed. */
  readonly exitCode: number | undefined
  /** Standard output and error, in order of arrival. */
  readonly output: string
}

export interface CommandOptions {
  /** Ends the program; the promise then resolves as for any other end. */
  readonly signal?: AbortSignal
  /** Default: the environment of this process. */
  readonly env?: NodeJS.ProcessEnv
}

/** Runs a program to its end without a shell; it ends with this process, whatever it started with it, unless that is killed. */
export function runCommand(
  program: string,
  args: readonly string[],
  { signal, env }: CommandOptions = {},
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own: a wrapper such as pyenv's leaves the real program behind when it alone is ended.
      detached: process.platform !== 'win32',
      ...(env === undefined ? {} : { env }),
    })
    const end = (): void => endGroup(child)
    process.once('exit', end)
    signal?.addEventListener('abort', end)
    if (signal?.aborted) end()
    let output = ''
    const collect = (chunk: Buffer): void => {
      output += chunk.toString('utf8')
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    const finish = (result: CommandResult): void => {
      process.off('exit', end)
      signal?.removeEventListener('abort', end)
      resolve(result)
    }
    child.on('error', (error) => finish({ exitCode: undefined, output: error.message }))
    child.on('close', (exitCode) => finish({ exitCode: exitCode ?? undefined, output }))
  })
}

function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    if (process.platform === 'win32') child.kill()
    else process.kill(-child.pid, 'SIGTERM')
  } catch {
    // It has ended by itself.
  }
}

/** The last lines of a program's output, on one line. */
export const lastWords = (output: string): string => output.trim().split('\n').slice(-3).join(' | ')
