import { closeSync, ftruncateSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DsdError, PURPOSE, type UniformField, uniformField } from '@dsd-lab/core'

export interface Outcome {
  opened: number
  refused: number
  /** What was thrown and is no DsdError of one line. */
  readonly crashes: unknown[]
  slowestMs: number
  /** Most that the process grew by over one file, bytes. */
  mostBytes: number
}

export interface DamageRequest {
  /** Files without damage, taken in turn. */
  readonly sound: readonly Buffer[]
  /** Damage lies in the first so many bytes, where lengths, counts and types are. */
  readonly headerBytes: number
  readonly count: number
  readonly seed: number
  /** Name of the file in its folder. */
  readonly name: string
  /** Reads all of it that can be read. */
  read(path: string, dir: string): Promise<void>
}

/** Reads `count` files whose headers were damaged at random. */
export async function readDamaged({ sound, headerBytes, count, seed, name, read }: DamageRequest): Promise<Outcome> {
  const dir = await mkdtemp(join(tmpdir(), 'dsd-damaged-'))
  const path = join(dir, name)
  writeFileSync(path, '')
  const outcome: Outcome = { opened: 0, refused: 0, crashes: [], slowestMs: 0, mostBytes: 0 }
  for (let index = 0; index < count; index++) {
    const random = uniformField({ seed, purpose: PURPOSE.FAULT, sequence: index, position: 0 })
    overwrite(path, mutated(sound[index % sound.length] ?? Buffer.alloc(0), headerBytes, random))
    const before = process.memoryUsage.rss()
    const start = performance.now()
    try {
      await read(path, dir)
      outcome.opened++
    } catch (error) {
      if (error instanceof DsdError && !error.line.includes('\n')) outcome.refused++
      else outcome.crashes.push(error)
    }
    outcome.slowestMs = Math.max(outcome.slowestMs, performance.now() - start)
    outcome.mostBytes = Math.max(outcome.mostBytes, process.memoryUsage.rss() - before)
  }
  await rm(dir, { recursive: true })
  return outcome
}

/** One to four wounds: a flipped byte, a field of extreme bits, bytes moved from elsewhere, or the end cut off. */
function mutated(sound: Buffer, headerBytes: number, random: UniformField): Buffer {
  let draws = 0
  const below = (limit: number): number => Math.floor(random.at(draws++) * limit)
  const bytes = Buffer.from(sound)
  const reach = Math.min(headerBytes, bytes.byteLength)
  const wounds = 1 + below(4)
  for (let wound = 0; wound < wounds; wound++) {
    const at = below(reach)
    const kind = below(4)
    if (kind === 0) bytes[at] = below(256)
    else if (kind === 1) bytes.fill(below(2) * 255, at, Math.min(reach, at + 1 + below(8)))
    else if (kind === 2) bytes.copy(bytes, at, below(reach), Math.min(reach, at + 1 + below(24)))
    else if (below(4) === 0) return bytes.subarray(0, at)
  }
  return bytes
}

/** Rewriting one file is several times faster than making one each. */
function overwrite(path: string, bytes: Buffer): void {
  const fd = openSync(path, 'r+')
  ftruncateSync(fd, bytes.byteLength)
  writeSync(fd, bytes, 0, bytes.byteLength, 0)
  closeSync(fd)
}
