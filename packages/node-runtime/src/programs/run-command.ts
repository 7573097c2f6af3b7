import { spawn } from 'node:child_process'

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

/** Runs a program to its end without a shell. */
export function runCommand(
  program: string,
  args: readonly string[],
  { signal, env }: CommandOptions = {},
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(signal === undefined ? {} : { signal }),
      ...(env === undefined ? {} : { env }),
    })
    let output = ''
    const collect = (chunk: Buffer): void => {
      output += chunk.toString('utf8')
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    // An aborted program is waited for: it may still be writing.
    child.on('error', (error) => {
      if (child.pid === undefined) resolve({ exitCode: undefined, output: error.message })
    })
    child.on('close', (exitCode) => resolve({ exitCode: exitCode ?? undefined, output }))
  })
}

/** The last lines of a program's output, on one line. */
export const lastWords = (output: string): string => output.trim().split('\n').slice(-3).join(' | ')
