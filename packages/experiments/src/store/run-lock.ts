import { readFileSync } from 'node:fs'
import { type FileHandle, mkdir, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DsdError } from '@dsd-lab/core'
import { atPath, codeOf } from './storage-error.ts'

/** Holds a run folder for one process; a lock whose process has died is taken over. */
export async function lockRun(folder: string): Promise<AsyncDisposable> {
  const path = join(folder, 'run.lock')
  await atPath(folder, () => mkdir(folder, { recursive: true }))
  for (let attempt = 0; attempt < 3; attempt++) {
    const file = await atPath(path, () => openNew(path))
    if (file !== undefined) {
      try {
        await atPath(path, () => file.writeFile(`${process.pid} ${startOf(process.pid)}\n`))
      } finally {
        await file.close()
      }
      return { [Symbol.asyncDispose]: () => rm(path, { force: true }) }
    }
    const holder = await holderOf(path)
    if (holder !== undefined) {
      throw new DsdError(`process ${holder} is writing this run`, {
        kind: 'environment',
        where: folder,
        fix: 'wait for it, or end it and run the same command again',
      })
    }
    await rm(path, { force: true })
  }
  throw new DsdError('the lock changes hands all the time', { kind: 'environment', where: path, fix: 'try again' })
}

async function openNew(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'wx')
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return undefined
    throw error
  }
}

/** The living process that holds the lock; undefined when it is stale. */
async function holderOf(path: string): Promise<number | undefined> {
  const content = await readFile(path, 'utf8').catch(() => '')
  const [pid = 0, start = ''] = content.trim().split(' ')
  const holder = Number(pid)
  return Number.isInteger(holder) && holder > 0 && isAlive(holder) && startOf(holder) === start ? holder : undefined
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

/** When a process started, so that a new process with an old number is not taken for its holder; `-` where it is not told. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '-'
  } catch {
    return '-'
  }
}
