import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DsdError } from '@dsd-lab/core'
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
  return atPath(path, () =>
    holdLock({
      path,
      refused: ({ pid, host }) =>
        new DsdError(`process ${pid}${host === undefined ? '' : ` on ${host}`} is writing this run`, {
          kind: 'environment',
          where: folder,
          fix:
            host === undefined
              ? 'wait for it, or end it and run the same command again'
              : `wait for it; if it has ended, remove ${path}`,
        }),
    }),
  )
}
