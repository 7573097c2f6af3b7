import { createReadStream, createWriteStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { createInflateRaw } from 'node:zlib'
import { DsdError } from '@dsd-lab/core'

interface Member {
  readonly method: number
  readonly packedBytes: number
  /** Offset of the local header. */
  readonly offset: number
}

const END_RECORD = 0x06054b50
const END_RECORD_BYTES = 22
const DIRECTORY_RECORD_BYTES = 46
const LOCAL_RECORD_BYTES = 30
const DEFLATED = 8

/** A Python wheel is a zip file: single members are taken out without unpacking the rest. Archives over 4 GiB are not read. */
export interface WheelArchive {
  has(name: string): boolean
  extract(name: string, to: string): Promise<void>
}

export async function openWheel(path: string): Promise<WheelArchive> {
  const members = await readDirectory(path)
  return {
    has: (name) => members.has(name),
    async extract(name, to) {
      const member = members.get(name)
      if (member === undefined) throw broken(path, `there is no ${name} inside`)
      const begin = await dataOffset(path, member)
      const packed = createReadStream(path, { start: begin, end: begin + member.packedBytes - 1 })
      if (member.method === DEFLATED) await pipeline(packed, createInflateRaw(), createWriteStream(to))
      else await pipeline(packed, createWriteStream(to))
    },
  }
}

async function readDirectory(path: string): Promise<ReadonlyMap<string, Member>> {
  await using file = await open(path)
  const { size } = await file.stat()
  // The end record is followed by a comment of at most 65535 bytes.
  const tail = Buffer.alloc(Math.min(size, END_RECORD_BYTES + 65_535))
  await file.read(tail, 0, tail.length, size - tail.length)
  let end = tail.length - END_RECORD_BYTES
  while (end >= 0 && tail.readUInt32LE(end) !== END_RECORD) end--
  if (end < 0) throw broken(path, 'the archive has no end record')
  const count = tail.readUInt16LE(end + 10)
  const directory = Buffer.alloc(tail.readUInt32LE(end + 12))
  await file.read(directory, 0, directory.length, tail.readUInt32LE(end + 16))
  const members = new Map<string, Member>()
  let at = 0
  for (let i = 0; i < count; i++) {
    const nameBytes = directory.readUInt16LE(at + 28)
    const name = directory.toString('utf8', at + DIRECTORY_RECORD_BYTES, at + DIRECTORY_RECORD_BYTES + nameBytes)
    members.set(name, {
      method: directory.readUInt16LE(at + 10),
      packedBytes: directory.readUInt32LE(at + 20),
      offset: directory.readUInt32LE(at + 42),
    })
    at += DIRECTORY_RECORD_BYTES + nameBytes + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32)
  }
  return members
}

async function dataOffset(path: string, { offset }: Member): Promise<number> {
  await using file = await open(path)
  const local = Buffer.alloc(LOCAL_RECORD_BYTES)
  await file.read(local, 0, local.length, offset)
  return offset + LOCAL_RECORD_BYTES + local.readUInt16LE(26) + local.readUInt16LE(28)
}

const broken = (where: string, what: string): DsdError =>
  new DsdError(what, { kind: 'environment', where, fix: 'delete it and run pnpm setup:native again' })
