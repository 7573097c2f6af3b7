import { join } from 'node:path'
import { cacheFolder } from '../cache-folder.ts'
import { holdLock } from '../process-lock.ts'
import { makeFolder, onDisk } from './disk.ts'

/**
 * Keeps a second process from fetching the same model into the same files. The lock of a process that has died is taken over.
 *
 * @throws DsdError naming the process that fetches it
 */
export async function lockPull(name: string, env: NodeJS.ProcessEnv): Promise<AsyncDisposable> {
  const folder = join(cacheFolder('models', env), '.locks')
  const path = join(folder, `${name}.lock`)
  await makeFolder(folder)
  return onDisk(path, () => holdLock({ path, where: name, doing: 'is fetching it already' }))
}
