import { spawn } from 'node:child_process'

export interface CommandResult {
  /** Undefined when the program could not be started or was killed. */
  readonly exitCode: number | undefined
  /** Standard output and error, in order of arrival. */
  readonly output: string
}

/** Runs a program to its end without a shell. */
export function runCommand(program: string, args: readonly string[]): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    const collect = (chunk: Buffer): void => {
      output += chunk.toString('utf8')
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.on('error', (error) => resolve({ exitCode: undefined, output: error.message }))
    child.on('close', (exitCode) => resolve({ exitCode: exitCode ?? undefined, output }))
  })
}

/** The last lines of a program's output, on one line. */
export const lastWords = (output: string): string => output.trim().split('\n').slice(-3).join(' | ')
