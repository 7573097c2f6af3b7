import { type TraceEvent, traceEventSchema } from '@dsd-lab/core'
import { z } from 'zod'
import { type TracedText, textsOf } from '../runner/traced-text.ts'
import {
  type AgreedText,
  agreedTextSchema,
  type CellResult,
  type Condition,
  cellResultSchema,
  type DecodingResult,
  decodingResultSchema,
  type LiveResult,
  liveResultSchema,
  type Manifest,
  manifestSchema,
  type Variant,
} from '../store/schema.ts'
import { damaged } from './damaged.ts'
import { EVIDENCE_FILES, type EvidenceEntry, type EvidenceFile } from './evidence-schema.ts'
import { parseChecked, unpackLines } from './json-lines.ts'

const traceLineSchema = z.object({ decoding: z.string(), events: z.array(traceEventSchema) })
const liveLineSchema = z.object({ result: liveResultSchema, trace: z.array(traceEventSchema) })

/** A live cell and every round of it. */
export interface RecordedLive {
  readonly result: LiveResult
  readonly trace: readonly TraceEvent[]
}

/** Gives the content of a file, checked against its digest. */
type ReadFile = (name: EvidenceFile) => Promise<Buffer>

/** A run out of evidence; every file is checked against its digest before it is used. */
export class EvidenceRun {
  readonly entry: EvidenceEntry
  readonly manifest: Manifest
  readonly decodings: readonly DecodingResult[]
  readonly cells: readonly CellResult[]
  readonly #read: ReadFile
  #lives: Promise<readonly RecordedLive[]> | undefined
  #traces: Promise<ReadonlyMap<string, readonly TraceEvent[]>> | undefined

  private constructor(parts: {
    readonly entry: EvidenceEntry
    readonly read: ReadFile
    readonly manifest: Manifest
    readonly decodings: readonly DecodingResult[]
    readonly cells: readonly CellResult[]
  }) {
    this.entry = parts.entry
    this.#read = parts.read
    this.manifest = parts.manifest
    this.decodings = parts.decodings
    this.cells = parts.cells
  }

  /** @throws DsdError `environment` when a file is missing, was changed, does not fit the schema, or is of another run. */
  static async open(entry: EvidenceEntry, read: ReadFile): Promise<EvidenceRun> {
    const manifest = manifestOf(await read(EVIDENCE_FILES.manifest), entry)
    return new EvidenceRun({
      entry,
      read,
      manifest,
      decodings: await readLines({ entry, read, name: EVIDENCE_FILES.decodings, schema: decodingResultSchema }),
      cells: await readLines({ entry, read, name: EVIDENCE_FILES.cells, schema: cellResultSchema }),
    })
  }

  variant(id: string): Variant | undefined {
    return this.manifest.variants.find((variant) => variant.id === id)
  }

  decodingsOf(variant: string, task: string): DecodingResult[] {
    return this.decodings.filter(({ decoding }) => decoding.variant === variant && decoding.task === task)
  }

  cellsOf(variant: string, task: string, condition: Condition): CellResult[] {
    return this.cells.filter(
      ({ cell }) => cell.variant === variant && cell.task === task && cell.condition === condition.id,
    )
  }

  /** Every round of a decoding, text by text. */
  async texts(decoding: string): Promise<TracedText[]> {
    return textsOf((await this.traces()).get(decoding) ?? [])
  }

  /** Events of every decoding, by its id. */
  traces(): Promise<ReadonlyMap<string, readonly TraceEvent[]>> {
    this.#traces ??= this.#readTraces()
    return this.#traces
  }

  lives(): Promise<readonly RecordedLive[]> {
    this.#lives ??= readLines({
      entry: this.entry,
      read: this.#read,
      name: EVIDENCE_FILES.live,
      schema: liveLineSchema,
    })
    return this.#lives
  }

  /** Where drafts agreed with the texts of plain decoding; none in a run that was added before evidence kept that. */
  async agreedTexts(): Promise<readonly AgreedText[]> {
    const name = EVIDENCE_FILES.agreement
    if (!this.entry.files.some((file) => file.name === name)) return []
    return readLines({ entry: this.entry, read: this.#read, name, schema: agreedTextSchema })
  }

  async #readTraces(): Promise<ReadonlyMap<string, readonly TraceEvent[]>> {
    const name = EVIDENCE_FILES.traces
    const lines = await readLines({ entry: this.entry, read: this.#read, name, schema: traceLineSchema })
    return new Map(lines.map(({ decoding, events }) => [decoding, events]))
  }
}

async function readLines<Schema extends z.ZodType>({
  entry,
  read,
  name,
  schema,
}: {
  readonly entry: EvidenceEntry
  readonly read: ReadFile
  readonly name: EvidenceFile
  readonly schema: Schema
}): Promise<z.infer<Schema>[]> {
  return unpackLines({ packed: await read(name), schema, where: `${entry.runId}/${name}` })
}

function manifestOf(content: Buffer, { runId }: EvidenceEntry): Manifest {
  const where = `${runId}/${EVIDENCE_FILES.manifest}`
  const manifest = parseChecked({ text: content.toString('utf8'), schema: manifestSchema, where })
  if (manifest.runId !== runId) throw damaged(where, `is of the run ${manifest.runId}`)
  return manifest
}
