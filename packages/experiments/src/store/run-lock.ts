import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { holdLock } from '@dsd-lab/node-runtime'
import { atPath } from './storage-error.ts'

/**
 * Holds a run folder for one process. A lock whose process has died is taken over; one of another machine never is.
 *
 * @throws DsdError `environment` naming the process that holds it
 */
export async function lockRun(folder: string): Promise<AsyncDisposable> {
  const path = join(folder, 'run.lock')
  await atPath(folder, () => mkdir(folder, { recursive: true }))
  return atPath(path, () => holdLock({ path, where: folder, doing: 'is writing this run' }))
}
