import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { DsdError } from '@dsd-lab/core'
import { type Entry, openPromise, type ZipFile } from 'yauzl'

/** A Python wheel, which is a zip file: single members are taken out without unpacking the rest. */
export interface WheelArchive extends AsyncDisposable {
  has(name: string): boolean
  /** A member's content, unpacked as it is read; a DsdError naming the wheel when it cannot be. */
  read(name: string): AsyncIterable<Buffer>
  extract(name: string, to: string): Promise<void>
  /** SHA-256 of a member as the wheel's own RECORD states it, hexadecimal; undefined when it states none. */
  recordedSha256(name: string): Promise<string | undefined>
}

/** @throws DsdError when the file is no whole archive */
export async function openWheel(path: string): Promise<WheelArchive> {
  const archive = await openPromise(path, { autoClose: false, lazyEntries: true }).catch((cause: unknown) => {
    throw broken(path, cause)
  })
  const members = await readMembers(path, archive)

  async function* read(name: string): AsyncGenerator<Buffer> {
    const member = members.get(name)
    if (member === undefined) throw new DsdError(`there is no ${name} inside`, { kind: 'environment', where: path })
    try {
      for await (const chunk of await archive.openReadStreamPromise(member)) yield chunk
    } catch (cause) {
      throw broken(path, cause)
    }
  }

  return {
    has: (name) => members.has(name),
    read,
    extract: (name, to) => pipeline(read(name), createWriteStream(to)),
    async recordedSha256(name) {
      const record = [...members.keys()].find((member) => member.endsWith('.dist-info/RECORD'))
      if (record === undefined) return undefined
      const lines = (await text(Readable.from(read(record)))).split(/\r?\n/)
      const digest = lines.find((line) => line.startsWith(`${name},`))?.match(/,sha256=([\w-]+)/)?.[1]
      return digest === undefined ? undefined : Buffer.from(digest, 'base64url').toString('hex')
    },
    async [Symbol.asyncDispose]() {
      archive.close()
    },
  }
}

async function readMembers(path: string, archive: ZipFile): Promise<ReadonlyMap<string, Entry>> {
  const members = new Map<string, Entry>()
  try {
    for await (const member of archive.eachEntry()) members.set(member.fileName, member)
  } catch (cause) {
    archive.close()
    throw broken(path, cause)
  }
  return members
}

function broken(path: string, cause: unknown): DsdError {
  const what = cause instanceof Error ? cause.message : String(cause)
  return new DsdError(`is not a whole wheel: ${what}`, {
    kind: 'environment',
    where: path,
    fix: 'delete it and run the same command again',
    cause,
  })
}
