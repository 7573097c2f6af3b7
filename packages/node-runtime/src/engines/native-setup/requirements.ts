import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DsdError } from '@dsd-lab/core'
import { runCommand } from '../../programs/run-command.ts'

export interface Requirements {
  /** Folder with `node_api.h`. */
  readonly nodeInclude: string
}

/**
 * Looks for everything that building the add-on needs.
 *
 * @throws DsdError naming what is missing and how to get it
 */
export async function checkRequirements(env: NodeJS.ProcessEnv): Promise<Requirements> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw missing(
      `this machine is ${process.platform}-${process.arch}`,
      'the native engines are set up on linux-x64 only',
    )
  }
  await requireProgram(
    'python3',
    ['-m', 'pip', '--version'],
    'install Python 3 with pip (Debian: apt install python3-pip)',
  )
  await requireProgram('g++', ['--version'], 'install a C++ compiler (Debian: apt install g++)')
  await requireProgram('npm', ['--version'], 'install npm, which comes with Node.js')
  const nodeInclude = env.NODE_INCLUDE ?? join(dirname(process.execPath), '..', 'include', 'node')
  if (!existsSync(join(nodeInclude, 'node_api.h'))) {
    throw missing(
      `no node_api.h in ${nodeInclude}`,
      'set NODE_INCLUDE to the headers of Node.js (Debian: apt install libnode-dev, or take a tarball of nodejs.org)',
    )
  }
  return { nodeInclude }
}

async function requireProgram(program: string, args: readonly string[], fix: string): Promise<void> {
  const { exitCode } = await runCommand(program, args)
  if (exitCode !== 0) throw missing(`${[program, ...args].join(' ')} does not run`, fix)
}

const missing = (what: string, fix: string): DsdError =>
  new DsdError(what, { kind: 'environment', where: 'setup:native', fix })
