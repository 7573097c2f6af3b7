import { type FileHandle, mkdir, open, readFile, truncate } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DsdError } from '@dsd-lab/core'
import { atPath, codeOf } from './storage-error.ts'

/** An append-only list of JSON lines that survives a kill at any instant: a torn last line is cut off when it is opened. */
export class Checkpoint<T> implements AsyncDisposable {
  /** What earlier processes left. */
  readonly recovered: readonly T[]
  readonly #file: FileHandle
  readonly #path: string
  #tail: Promise<void> = Promise.resolve()
  /** Of whole entries. */
  #bytes: number
  #isTorn = false

  private constructor(parts: { readonly path: string; readonly file: FileHandle; readonly read: ReadLines<T> }) {
    this.#path = parts.path
    this.#file = parts.file
    this.#bytes = parts.read.validBytes ?? 0
    this.recovered = parts.read.entries
  }

  /**
   * @param parse turns one parsed line into an entry
   * @throws DsdError `environment` naming the line that is damaged, or that `parse` refuses; the file is left as it is.
   */
  static async open<T>(path: string, parse: (line: unknown) => T): Promise<Checkpoint<T>> {
    return atPath(path, async () => {
      await mkdir(dirname(path), { recursive: true })
      const read = await readLines(path, parse)
      if (read.validBytes !== undefined) await truncate(path, read.validBytes)
      return new Checkpoint({ path, file: await open(path, 'a'), read })
    })
  }

  /** Resolves when the entry is on disk. */
  append(entry: T): Promise<void> {
    const written = this.#tail.then(() => atPath(this.#path, () => this.#write(`${JSON.stringify(entry)}\n`)))
    // A failed write fails its own caller; the queue goes on.
    this.#tail = written.catch(() => {})
    return written
  }

  async #write(line: string): Promise<void> {
    if (this.#isTorn) await this.#cutBack()
    try {
      await this.#file.appendFile(line)
      await this.#file.datasync()
    } catch (error) {
      this.#isTorn = true
      // Where this fails too, the next entry tries it again before it is written.
      await this.#cutBack().catch(() => {})
      throw error
    }
    this.#bytes += Buffer.byteLength(line)
  }

  /** What a full disk took of an entry must not become the beginning of the next one. */
  async #cutBack(): Promise<void> {
    await this.#file.truncate(this.#bytes)
    this.#isTorn = false
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tail
    await this.#file.close()
  }
}

/**
 * The entries of a checkpoint without opening it for writing; none when there is no such file.
 *
 * @throws as `Checkpoint.open`
 */
export async function readCheckpoint<T>(path: string, parse: (line: unknown) => T): Promise<readonly T[]> {
  return (await readLines(path, parse)).entries
}

interface ReadLines<T> {
  readonly entries: readonly T[]
  /** Length of the entries in the file; undefined when there is no file. */
  readonly validBytes: number | undefined
}

async function readLines<T>(path: string, parse: (line: unknown) => T): Promise<ReadLines<T>> {
  let content: string
  try {
    content = await readFile(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return { entries: [], validBytes: undefined }
    throw error
  }
  // What follows the last line break is no whole line.
  const lines = content.split('\n').slice(0, -1)
  const entries: T[] = []
  let validBytes = 0
  for (const [index, line] of lines.entries()) {
    const where = `${path}:${index + 1}`
    const value = parsed(line)
    if (value === undefined) {
      if (index === lines.length - 1) break
      throw unreadable(where, 'the line is damaged')
    }
    try {
      entries.push(parse(value))
    } catch (cause) {
      throw unreadable(where, 'the line is no entry of this version', cause)
    }
    validBytes += Buffer.byteLength(line) + 1
  }
  return { entries, validBytes }
}

/** Undefined when a line is no JSON, which `undefined` itself cannot be. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function unreadable(where: string, what: string, cause?: unknown): DsdError {
  return new DsdError(`${what}, and finished work stands around it`, {
    kind: 'environment',
    where,
    fix: 'remove that line (its work is then done again), or move the file away to do all of its work again',
    ...(cause === undefined ? {} : { cause }),
  })
}
