import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ExpOptions } from './exp-process.ts'

export interface SmallDisk {
  readonly full: Partial<ExpOptions>
  readonly roomy: Partial<ExpOptions>
  grow(): void
  end(): void
}

/** A file system of 100 kB where this user may mount one, else a limit on the size of files. */
export function smallDisk(): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), 'dsd-disk-'))
  const env = { DSD_RUNS: join(folder, 'runs') }
  const end = (): void => rmSync(folder, { recursive: true, force: true })
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=100k', 'tmpfs', folder], { stdio: 'ignore' })
  } catch {
    const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))
    const limited = `ulimit -f 20; exec "${process.execPath}" --import "${import.meta.resolve('tsx')}" "${main}" "$@"`
    return { full: { env, command: ['bash', '-c', limited, 'exp'] }, roomy: { env }, grow: () => {}, end }
  }
  mkdirSync(env.DSD_RUNS)
  return {
    full: { env },
    roomy: { env },
    grow: () => execFileSync('mount', ['-o', 'remount,size=50m', folder]),
    end() {
      execFileSync('umount', [folder])
      end()
    },
  }
}
