import { type FileHandle, mkdir, open, readFile, truncate } from 'node:fs/promises'
import { dirname } from 'node:path'
import { atPath, codeOf } from './storage-error.ts'

/** An append-only list of JSON lines that survives a kill at any instant: a torn last line is cut off when it is opened. */
export class Checkpoint<T> implements AsyncDisposable {
  /** What earlier processes left. */
  readonly recovered: readonly T[]
  readonly #file: FileHandle
  readonly #path: string
  #tail: Promise<void> = Promise.resolve()

  private constructor(parts: { readonly path: string; readonly file: FileHandle; readonly recovered: readonly T[] }) {
    this.#path = parts.path
    this.#file = parts.file
    this.recovered = parts.recovered
  }

  /** @param parse turns one parsed line into an entry; throwing ends the recovery there. */
  static async open<T>(path: string, parse: (line: unknown) => T): Promise<Checkpoint<T>> {
    return atPath(path, async () => {
      await mkdir(dirname(path), { recursive: true })
      const { entries, validBytes } = await readLines(path, parse)
      if (validBytes !== undefined) await truncate(path, validBytes)
      return new Checkpoint({ path, file: await open(path, 'a'), recovered: entries })
    })
  }

  /** Resolves when the entry is on disk. */
  append(entry: T): Promise<void> {
    const written = this.#tail.then(() =>
      atPath(this.#path, async () => {
        await this.#file.appendFile(`${JSON.stringify(entry)}\n`)
        await this.#file.datasync()
      }),
    )
    // A failed write fails its own caller; the queue goes on.
    this.#tail = written.catch(() => {})
    return written
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tail
    await this.#file.close()
  }
}

/** The entries of a checkpoint without opening it for writing; none when there is no such file. */
export async function readCheckpoint<T>(path: string, parse: (line: unknown) => T): Promise<readonly T[]> {
  return (await readLines(path, parse)).entries
}

async function readLines<T>(
  path: string,
  parse: (line: unknown) => T,
): Promise<{ entries: T[]; validBytes: number | undefined }> {
  let content: string
  try {
    content = await readFile(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return { entries: [], validBytes: undefined }
    throw error
  }
  const entries: T[] = []
  let validBytes = 0
  for (let from = 0; ; ) {
    const to = content.indexOf('\n', from)
    if (to < 0) break
    const line = content.slice(from, to)
    try {
      entries.push(parse(JSON.parse(line)))
    } catch {
      break
    }
    validBytes += Buffer.byteLength(line) + 1
    from = to + 1
  }
  return { entries, validBytes }
}
