import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DsdError } from '@dsd-lab/core'
import { cacheFolder } from '../cache-folder.ts'
import { codeOf, makeFolder, onDisk } from './disk.ts'

/**
 * Keeps a second process from fetching the same model into the same files. The lock of a process that has died is taken over.
 *
 * @throws DsdError naming the process that fetches it
 */
export async function lockPull(name: string, env: NodeJS.ProcessEnv): Promise<AsyncDisposable> {
  const folder = join(cacheFolder('models', env), '.locks')
  const path = join(folder, `${name}.lock`)
  await makeFolder(folder)
  for (let attempt = 0; attempt < 2; attempt++) {
    if (await onDisk(path, () => claim(path))) return { [Symbol.asyncDispose]: () => rm(path, { force: true }) }
    const holder = Number(await readFile(path, 'utf8').catch(() => ''))
    if (isAlive(holder)) {
      throw new DsdError(`process ${holder} is fetching it already`, {
        kind: 'environment',
        where: name,
        fix: 'wait for it, or end it and run the same command again',
      })
    }
    await rm(path, { force: true })
  }
  throw new DsdError('another process is fetching it', { kind: 'environment', where: name, fix: 'wait for it' })
}

async function claim(path: string): Promise<boolean> {
  try {
    await writeFile(path, `${process.pid}`, { flag: 'wx' })
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}
