import { mkdir, stat, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DsdError } from '@dsd-lab/core'
import { codeOf } from '../error-code.ts'
import { sizeText } from './size-text.ts'

/** Runs a file operation; its errors name the path and the cure. */
export async function onDisk<T>(path: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation()
  } catch (error) {
    throw diskError(error, path)
  }
}

export function makeFolder(path: string): Promise<unknown> {
  return onDisk(path, () => mkdir(path, { recursive: true }))
}

/** Size of a file, following links; undefined when there is none. */
export async function fileSize(path: string): Promise<number | undefined> {
  const found = await stat(path).catch(() => undefined)
  return found?.isFile() === true ? found.size : undefined
}

/** @throws DsdError when the disk of a folder has fewer bytes free */
export async function requireSpace(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(await nearestExisting(folder))
  const free = bavail * bsize
  if (free >= bytes) return
  throw new DsdError(`no space left: ${sizeText(bytes)} are needed, ${sizeText(free)} are free`, {
    kind: 'environment',
    where: folder,
    fix: `free some space or ${ELSEWHERE}`,
  })
}

async function nearestExisting(path: string): Promise<string> {
  let place = path
  while (!(await pathExists(place)) && dirname(place) !== place) place = dirname(place)
  return place
}

export function pathExists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

const ELSEWHERE = 'choose another folder with DSD_CACHE (for what comes from the hub: HF_HUB_CACHE)'

function diskError(error: unknown, path: string): unknown {
  const code = codeOf(error)
  // Making folders below a read-only file system is answered as if one above were missing.
  const isReadOnly = code === 'ENOENT' && error instanceof Error && 'syscall' in error && error.syscall === 'mkdir'
  const what = isReadOnly ? PROBLEMS.EROFS : PROBLEMS[code ?? '']
  if (what === undefined) return error
  const fix = `free some space and run the same command again: it goes on from here; or ${ELSEWHERE}`
  return new DsdError(what, {
    kind: 'environment',
    where: path,
    fix: what === FULL ? fix : ELSEWHERE,
    cause: error,
  })
}

const FULL = 'no space left on the disk'
const FORBIDDEN = 'no permission to write here'
const PROBLEMS: Readonly<Record<string, string>> = {
  ENOSPC: FULL,
  EDQUOT: FULL,
  EFBIG: FULL,
  EACCES: FORBIDDEN,
  EPERM: FORBIDDEN,
  EROFS: FORBIDDEN,
  ENOTDIR: 'there is a file where a folder is needed',
  EEXIST: 'there is a file where a folder is needed',
}
