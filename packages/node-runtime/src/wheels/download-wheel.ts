import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DsdError } from '@dsd-lab/core'
import { runCommand } from '../programs/run-command.ts'

export interface WheelRequest {
  readonly name: string
  readonly version: string
  /** An empty folder, or one that does not exist yet. */
  readonly into: string
  /** Further options of `pip download`: which platform's wheel to take. */
  readonly flags?: readonly string[]
  readonly signal?: AbortSignal
  /** Default: the environment of this process. */
  readonly env?: NodeJS.ProcessEnv
  /** Names the command in errors. */
  readonly where: string
}

/**
 * Downloads one wheel with pip, without its dependencies and without keeping a second copy in pip's cache. Never builds anything.
 *
 * @returns the path of the wheel
 * @throws DsdError when there is no Python or no pip, else in pip's own words
 */
export async function downloadWheel({
  name,
  version,
  into,
  flags = [],
  signal,
  env = process.env,
  where,
}: WheelRequest): Promise<string> {
  await mkdir(into, { recursive: true })
  const { exitCode, output } = await runCommand(
    'python3',
    [
      ...['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-input', '--progress-bar', 'off'],
      ...['--no-cache-dir', '--retries', '2', '--no-deps', '--only-binary=:all:', ...flags],
      ...['--dest', into, `${name}==${version}`],
    ],
    // What pip unpacks on the way lies beside its result: on the same disk, and removed with it.
    { env: { ...env, TMPDIR: into }, ...(signal === undefined ? {} : { signal }) },
  )
  signal?.throwIfAborted()
  const wheel = (await readdir(into)).find((file) => file.endsWith('.whl'))
  if (exitCode === 0 && wheel !== undefined) return join(into, wheel)
  const what = output.endsWith('ENOENT') ? 'there is no python3 here' : complaint(output)
  if (/no python3 here$|No module named pip$/.test(what)) {
    throw new DsdError(what, { kind: 'environment', where, fix: GET_PIP })
  }
  throw new DsdError(`pip cannot download ${name} ${version}: ${what}`, {
    kind: 'environment',
    where,
    fix: 'check that pip reaches a Python package index',
  })
}

const GET_PIP = 'install Python 3 with pip (Debian: apt install python3-pip)'

/** The line of an error among pip's warnings. */
function complaint(output: string): string {
  const lines = output.trim().split('\n')
  return (lines.findLast((line) => line.startsWith('ERROR:')) ?? lines.at(-1) ?? '').replace(/^ERROR: /, '').trim()
}
