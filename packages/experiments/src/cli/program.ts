import { DsdError } from '@dsd-lab/core'
import { Command, type CommanderError } from 'commander'
import { adviseCommand } from './commands/advise.ts'
import { claimsCommand } from './commands/claims.ts'
import { compareCommand } from './commands/compare.ts'
import { dataCommand } from './commands/data.ts'
import { doctorCommand } from './commands/doctor.ts'
import { evidenceCommand } from './commands/evidence.ts'
import { exportCommand } from './commands/export.ts'
import { importanceCommand } from './commands/importance.ts'
import { initCommand } from './commands/init.ts'
import { listCommand } from './commands/list.ts'
import { modelsCommand } from './commands/models/models.ts'
import { reportCommand } from './commands/report.ts'
import { runExperimentCommand } from './commands/run.ts'
import { showCommand } from './commands/show.ts'
import { type Terminal, terminal } from './terminal.ts'

/** Runs one command line and gives its exit code: 0 done, 1 failed, 2 bad input, 130 interrupted. */
export async function runCommand(words: readonly string[], to: Terminal = terminal): Promise<number> {
  // A reader that has seen enough (`exp list | head`) is no failure.
  to.out.on('error', (error) => process.exit('code' in error && error.code === 'EPIPE' ? 0 : 1))
  const program = commandTree(to)
  try {
    await program.parseAsync(words, { from: 'user' })
    return 0
  } catch (error) {
    return report(error, to, words.includes('--debug'))
  }
}

function commandTree(to: Terminal): Command {
  const program = speaking(new Command('exp'), to)
    .description('Declare, run and read experiments on decentralized speculative decoding.')
    .option('--debug', 'print the stack of an error')
    .helpCommand('help [command]', 'explain a command')
  const commands = [
    runExperimentCommand,
    listCommand,
    showCommand,
    compareCommand,
    claimsCommand,
    evidenceCommand,
    adviseCommand,
    exportCommand,
    importanceCommand,
    reportCommand,
    modelsCommand,
    dataCommand,
    doctorCommand,
    initCommand,
  ]
  for (const make of commands) program.addCommand(withDebug(make(to), to))
  return program
}

function withDebug(command: Command, to: Terminal): Command {
  for (const inner of command.commands) withDebug(inner, to)
  return speaking(command, to).option('--debug', 'print the stack of an error')
}

/** Wrong use of a command, and the words that call it: `exp evidence add`. */
class UsageError extends Error {
  override readonly cause: CommanderError
  readonly called: string

  constructor(cause: CommanderError, called: string) {
    super(cause.message)
    this.cause = cause
    this.called = called
  }
}

/** Help goes where the terminal is; what is wrong is said once, by `report`. */
function speaking(command: Command, { out, err }: Terminal): Command {
  return command
    .exitOverride((error) => {
      throw new UsageError(error, calledBy(command))
    })
    .configureOutput({
      writeOut: (text) => out.write(text),
      writeErr: (text) => err.write(text),
      outputError: () => {},
    })
}

function calledBy(command: Command): string {
  return command.parent === null ? command.name() : `${calledBy(command.parent)} ${command.name()}`
}

function report(error: unknown, { err }: Terminal, debug: boolean): number {
  if (error instanceof UsageError) {
    const { cause, called } = error
    if (cause.exitCode === 0) return 0
    // A group without a subcommand: its help is already printed.
    if (cause.code === 'commander.help') return 2
    err.write(`${cause.message.replace(/^error: /, '').replaceAll('\n', ' ')}; ${called} --help shows what there is\n`)
    return 2
  }
  if (debug && error instanceof Error) err.write(`${error.stack ?? ''}\n`)
  if (error instanceof DsdError) {
    err.write(`${error.line}\n`)
    return error.exitCode
  }
  const [what = 'unknown error'] = (error instanceof Error ? error.message : String(error)).split('\n')
  err.write(`${what}${debug ? '' : '; run it again with --debug for the stack'}\n`)
  return 1
}
