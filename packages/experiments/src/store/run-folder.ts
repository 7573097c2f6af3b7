import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DsdError } from '@dsd-lab/core'
import type { z } from 'zod'
import { writeAtomically } from './atomic-write.ts'
import { openLines } from './open-lines.ts'
import {
  AGREED_TEXTS_FILE,
  type AgreedText,
  type Cell,
  type CellResult,
  cellResultSchema,
  cellResultsOf,
  type DecodingResult,
  decodingResultSchema,
  type LiveResult,
  liveResultSchema,
  type Manifest,
  manifestSchema,
  readAgreedTexts,
  type Summary,
  summarySchema,
  type TimedCells,
  timedCellsSchema,
} from './schema.ts'
import { atPath, codeOf } from './storage-error.ts'

/** The files of one run, by what they hold. Reads are checked; writes are whole or not at all. */
export class RunFolder {
  readonly path: string

  constructor(path: string) {
    this.path = path
  }

  /** Recorded passes and the items finished so far of a decoding under way. */
  passFile(id: string): string {
    return join(this.path, 'passes', `${id}.jsonl`)
  }

  traceFile(kind: 'decodings' | 'cells' | 'live', id: string): string {
    return join(this.path, kind, id, 'trace.jsonl')
  }

  readManifest(): Promise<Manifest | undefined> {
    return this.#read('manifest.json', manifestSchema)
  }

  /** @throws DsdError `bad-input` when the folder holds no manifest. */
  async manifest(): Promise<Manifest> {
    const manifest = await this.readManifest()
    if (manifest !== undefined) return manifest
    throw new DsdError('is not a run', {
      kind: 'bad-input',
      where: this.path,
      fix: 'exp list shows the runs there are',
    })
  }

  writeManifest(manifest: Manifest): Promise<void> {
    return this.#write('manifest.json', manifest)
  }

  readDecoding(id: string): Promise<DecodingResult | undefined> {
    return this.#read(join('decodings', id, 'result.json'), decodingResultSchema)
  }

  /** Trace first: a result that is there has its trace. */
  async writeDecoding(result: DecodingResult, trace: string): Promise<void> {
    await writeAtomically(this.traceFile('decodings', result.decoding.id), trace)
    await this.#write(join('decodings', result.decoding.id, 'result.json'), result)
  }

  /** Those of the cells that are timed, in their order. */
  async readCells(cells: readonly Cell[]): Promise<CellResult[]> {
    const wanted = new Map(cells.map((cell) => [cell.id, cell]))
    const found = new Map<string, CellResult>()
    for (const decoding of new Set(cells.map((cell) => cell.decoding))) {
      const timed = await this.readTimedCells(decoding)
      for (const result of timed === undefined ? [] : cellResultsOf(timed, wanted)) found.set(result.cell.id, result)
    }
    if (found.size === 0) return this.#readSingleCells(cells)
    return cells.flatMap(({ id }) => found.get(id) ?? [])
  }

  /** Of a run from before the cells of a decoding were kept together. */
  async #readSingleCells(cells: readonly Cell[]): Promise<CellResult[]> {
    const found: CellResult[] = []
    for (const { id } of cells) {
      const single = await this.#read(join('cells', id, 'result.json'), cellResultSchema)
      // Whoever has not the first has none.
      if (single === undefined && found.length === 0) return []
      if (single !== undefined) found.push(single)
    }
    return found
  }

  readTimedCells(decoding: string): Promise<TimedCells | undefined> {
    return this.#read(join('cells', `${decoding}.json`), timedCellsSchema)
  }

  /** Traces first: cells that are there have theirs. */
  writeTimedCells(timed: TimedCells): Promise<void> {
    return writeAtomically(join(this.path, 'cells', `${timed.decoding}.json`), `${JSON.stringify(timed)}\n`)
  }

  writeCellTrace(id: string, trace: string): Promise<void> {
    return writeAtomically(this.traceFile('cells', id), trace)
  }

  readLive(id: string): Promise<LiveResult | undefined> {
    return this.#read(join('live', id, 'result.json'), liveResultSchema)
  }

  /** Those of the live cells that were run, in the order of the manifest. */
  async readLives({ live }: Pick<Manifest, 'live'>): Promise<LiveResult[]> {
    const results = await Promise.all(live.map((id) => this.readLive(id)))
    return results.filter((result) => result !== undefined)
  }

  async writeLive(result: LiveResult, trace: string): Promise<void> {
    await writeAtomically(this.traceFile('live', result.cell.id), trace)
    await this.#write(join('live', result.cell.id, 'result.json'), result)
  }

  /** What can be replayed; throws as `readAgreedTexts`. */
  readAgreedTexts(manifest: Manifest): Promise<AgreedText[]> {
    return readAgreedTexts(manifest, (file) => openLines(join(this.path, file)))
  }

  writeAgreedTexts(texts: readonly AgreedText[]): Promise<void> {
    const lines = texts.map((text) => `${JSON.stringify(text)}\n`).join('')
    return writeAtomically(join(this.path, AGREED_TEXTS_FILE), lines)
  }

  readSummary(): Promise<Summary | undefined> {
    return this.#read('summary.json', summarySchema)
  }

  /** @throws DsdError `bad-input` when the run is not finished. */
  async summary(): Promise<Summary> {
    const summary = await this.readSummary()
    if (summary !== undefined) return summary
    throw new DsdError('the run is not finished', {
      kind: 'bad-input',
      where: this.path,
      fix: 'finish it with the same exp run command',
    })
  }

  writeSummary(summary: Summary): Promise<void> {
    return this.#write('summary.json', summarySchema.parse(summary))
  }

  #write(name: string, value: unknown): Promise<void> {
    return writeAtomically(join(this.path, name), `${JSON.stringify(value, null, 1)}\n`)
  }

  /** Undefined when the file is absent, or no whole JSON of this schema: it is then made again. */
  async #read<Schema extends z.ZodType>(name: string, schema: Schema): Promise<z.infer<Schema> | undefined> {
    const path = join(this.path, name)
    return atPath(path, async () => {
      try {
        const parsed = schema.safeParse(JSON.parse(await readFile(path, 'utf8')))
        return parsed.success ? parsed.data : undefined
      } catch (error) {
        if (error instanceof SyntaxError || codeOf(error) === 'ENOENT') return undefined
        throw error
      }
    })
  }
}
