import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder that takes no files. Permissions do not bind root, so for root it is a file system mounted read-only, or frozen. */
export function lockedFolder(): { readonly folder: string; end(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'dsd-locked-'))
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  if (process.getuid?.() !== 0) {
    chmodSync(folder, 0o555)
    return { folder, end: remove }
  }
  const act = (program: string, ...words: string[]): unknown =>
    execFileSync(program, [...words, folder], { stdio: 'ignore' })
  try {
    act('mount', '-t', 'tmpfs', '-o', 'ro', 'tmpfs')
    return { folder, end: () => [act('umount'), remove()] }
  } catch {
    act('chattr', '+i')
    return { folder, end: () => [act('chattr', '-i'), remove()] }
  }
}
