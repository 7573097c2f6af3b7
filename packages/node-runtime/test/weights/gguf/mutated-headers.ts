import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { DsdError, PURPOSE, type UniformField, uniformField } from '@dsd-lab/core'
import { GgufFile } from '../../../src/weights/gguf/gguf-file.ts'
import { GgufModel } from '../../../src/weights/gguf/gguf-model.ts'
import { readTokenizer } from '../../../src/weights/gguf/tokenizer/read-tokenizer.ts'
import { scratchFolder } from './gguf-bytes.ts'

/** One has weights and no tokenizer, the other a tokenizer and no weights. */
const subjects = ['tiny-llama.gguf', 'tiny-gpt2.gguf', 'tokenizer-smollm.gguf']

/** Damage lies in the first bytes, where all the lengths, counts and types are. */
const HEADER_BYTES = 3500

export interface Outcome {
  opened: number
  refused: number
  /** What was thrown and is no DsdError of one line. */
  readonly crashes: unknown[]
  slowestMs: number
  /** Most that the process grew by over one file, bytes. */
  mostBytes: number
}

/** Opens `count` files whose headers were damaged at random, and reads on in those that open. */
export async function openMutatedHeaders(count: number, seed: number): Promise<Outcome> {
  await using folder = await scratchFolder()
  const sound = subjects.map((name) => readFileSync(fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url))))
  const outcome: Outcome = { opened: 0, refused: 0, crashes: [], slowestMs: 0, mostBytes: 0 }
  const path = folder.file('mutated.gguf', Buffer.alloc(0))
  for (let index = 0; index < count; index++) {
    const random = uniformField({ seed, purpose: PURPOSE.FAULT, sequence: index, position: 0 })
    overwrite(path, mutated(sound[index % sound.length] ?? Buffer.alloc(0), random))
    const before = process.memoryUsage.rss()
    const start = performance.now()
    try {
      await readAll(path)
      outcome.opened++
    } catch (error) {
      if (error instanceof DsdError && !error.line.includes('\n')) outcome.refused++
      else outcome.crashes.push(error)
    }
    outcome.slowestMs = Math.max(outcome.slowestMs, performance.now() - start)
    outcome.mostBytes = Math.max(outcome.mostBytes, process.memoryUsage.rss() - before)
  }
  return outcome
}

async function readAll(path: string): Promise<void> {
  await using file = await GgufFile.open(path)
  for (const key of file.metadata.keys) if (file.metadata.get(key)?.type === 'array') file.metadata.array(key)
  if (file.metadata.get('tokenizer.ggml.model') !== undefined) readTokenizer(file)
  if (file.tensors.size === 0) return
  await using model = await GgufModel.open(path)
  for (const { name, shape } of model.weights.values()) await model.read(name, shape)
}

/** One to four wounds: a flipped byte, a field of extreme bits, bytes moved from elsewhere, or the end cut off. */
function mutated(sound: Buffer, random: UniformField): Buffer {
  let draws = 0
  const below = (limit: number): number => Math.floor(random.at(draws++) * limit)
  const bytes = Buffer.from(sound)
  const reach = Math.min(HEADER_BYTES, bytes.byteLength)
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
