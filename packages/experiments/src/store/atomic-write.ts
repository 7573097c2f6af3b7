import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { atPath } from './storage-error.ts'

/**
 * Writes a whole file so that at any instant it is either absent (or old) or complete, also after a kill or a power cut: to a
 * neighbour, flushed, then renamed. Makes the folder.
 *
 * @throws DsdError `environment` when the disk is full or not writable.
 */
export async function writeAtomically(path: string, content: string | Uint8Array): Promise<void> {
  await atPath(path, async () => {
    await mkdir(dirname(path), { recursive: true })
    const temporary = `${path}.${process.pid}.tmp`
    try {
      const file = await open(temporary, 'w')
      try {
        await file.writeFile(content)
        await file.sync()
      } finally {
        await file.close()
      }
      await rename(temporary, path)
    } catch (error) {
      await rm(temporary, { force: true })
      throw error
    }
  })
}
