import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { DsdError } from '@dsd-lab/core'
import { codeOf } from './error-code.ts'

export interface LockRequest {
  /** The lock file, in a folder that exists. */
  readonly path: string
  /** What is held, for the error of whom it is held against. */
  readonly where: string
  /** What the holder does with it: `is writing this run`. */
  readonly doing: string
}

/**
 * Holds a lock file for this process. A lock whose process has died is taken over; one of another machine never is.
 *
 * @throws DsdError `environment` naming the process that holds it, or when it changes hands all the time
 */
export async function holdLock({ path, where, doing }: LockRequest): Promise<AsyncDisposable> {
  const token = randomUUID()
  const own = `${process.pid} ${startOf(process.pid)} ${hostname()} ${token}\n`
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (await putNew({ path, content: own, token })) return held(path, own)
    const content = await contentOf(path)
    // Let go in between.
    if (content === undefined) continue
    const holder = holderIn(content)
    if (holder !== undefined) throw isHeld({ path, where, doing }, holder)
    if (await takeOver({ path, stale: content, own, token })) return held(path, own)
    await sleep(PAUSE_MS)
  }
  throw new DsdError('the lock changes hands all the time', {
    kind: 'environment',
    where: path,
    fix: `try again; where no other process holds it, remove it and ${takeOverPath(path)}`,
  })
}

const ATTEMPTS = 50
const PAUSE_MS = 20

function held(path: string, own: string): AsyncDisposable {
  return {
    async [Symbol.asyncDispose]() {
      if ((await contentOf(path)) === own) await rm(path, { force: true })
    },
  }
}

interface NewLock {
  readonly path: string
  readonly content: string
  readonly token: string
}

/** Puts a file in place whole, or not at all; false when there is one. */
async function putNew({ path, content, token }: NewLock): Promise<boolean> {
  const temporary = `${path}.${token}.tmp`
  try {
    await writeFile(temporary, content, { flush: true })
    await link(temporary, path)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    if (NO_LINKS.has(codeOf(error) ?? '')) return writeNew(path, content)
    throw error
  } finally {
    await rm(temporary, { force: true })
  }
}

/** Of file systems that have no hard links. */
const NO_LINKS = new Set(['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP'])

async function writeNew(path: string, content: string): Promise<boolean> {
  try {
    await writeFile(path, content, { flag: 'wx' })
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

/** One at a time looks again and puts its own lock in place of the stale one: nobody can then remove that of the winner. */
async function takeOver({
  path,
  stale,
  own,
  token,
}: {
  readonly path: string
  readonly stale: string
  readonly own: string
  readonly token: string
}): Promise<boolean> {
  const marker = takeOverPath(path)
  if (!(await putNew({ path: marker, content: own, token }))) return false
  try {
    if ((await contentOf(path)) !== stale) return false
    const temporary = `${path}.${token}.tmp`
    await writeFile(temporary, own, { flush: true })
    await rename(temporary, path)
    return true
  } finally {
    await rm(marker, { force: true })
  }
}

function takeOverPath(path: string): string {
  return `${path}.takeover`
}

/** Undefined when there is no such file. */
async function contentOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

interface Holder {
  readonly pid: number
  /** Undefined on this machine. */
  readonly host: string | undefined
}

/** Who holds a lock; undefined when it is stale. */
function holderIn(content: string): Holder | undefined {
  const [number = '', start = '', host = hostname()] = content.trim().split(' ')
  const pid = Number(number)
  if (!Number.isInteger(pid) || pid <= 0) return undefined
  if (host !== hostname()) return { pid, host }
  return isAlive(pid) && startOf(pid) === start ? { pid, host: undefined } : undefined
}

function isHeld({ path, where, doing }: LockRequest, { pid, host }: Holder): DsdError {
  return new DsdError(`process ${pid}${host === undefined ? '' : ` on ${host}`} ${doing}`, {
    kind: 'environment',
    where,
    fix:
      host === undefined
        ? 'wait for it, or end it and run the same command again'
        : `wait for it; if it has ended, remove ${path}`,
  })
}

/** Whether there is a process of this number, whoever's it is. */
export function isAlive(pid: number): boolean {
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
