import { readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DsdError } from '@dsd-lab/core'
import { cacheFolder } from '../cache-folder.ts'
import { codeOf, makeFolder, onDisk } from './disk.ts'

const HEARTBEAT_MS = 5000
/** A lock that was not touched for so long belongs to nobody, whoever has its process number by now. */
const STALE_MS = 30_000

/**
 * Keeps a second process from fetching the same model into the same files. The lock of a process that has died is taken over.
 *
 * @throws DsdError naming the process that fetches it
 */
export async function lockPull(name: string, env: NodeJS.ProcessEnv): Promise<AsyncDisposable> {
  const folder = join(cacheFolder('models', env), '.locks')
  const path = join(folder, `${name}.lock`)
  await makeFolder(folder)
  if (!(await isHeld(path))) await rm(path, { force: true })
  if (!(await onDisk(path, () => claim(path)))) {
    const holder = await readFile(path, 'utf8').catch(() => '')
    throw new DsdError(`process ${holder} is fetching it already`, {
      kind: 'environment',
      where: name,
      fix: 'wait for it, or end it and run the same command again',
    })
  }
  const heartbeat = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => {}), HEARTBEAT_MS)
  return {
    [Symbol.asyncDispose]() {
      clearInterval(heartbeat)
      return rm(path, { force: true })
    },
  }
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

async function isHeld(path: string): Promise<boolean> {
  const touched = await stat(path).catch(() => undefined)
  if (touched === undefined || Date.now() - touched.mtimeMs > STALE_MS) return false
  const holder = await readFile(path, 'utf8').catch(() => '')
  // Just made, and not yet written.
  return holder === '' || isAlive(Number(holder))
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
