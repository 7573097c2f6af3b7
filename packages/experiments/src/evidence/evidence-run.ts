import { type TraceEvent, traceEventSchema } from '@dsd-lab/core'
import { z } from 'zod'
import { type TracedText, textsOf } from '../runner/traced-text.ts'
import {
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
import type { EvidenceFolder } from './evidence-folder.ts'
import { EVIDENCE_FILES, type EvidenceEntry } from './evidence-schema.ts'
import { unpackLines } from './json-lines.ts'

const traceLineSchema = z.object({ decoding: z.string(), events: z.array(traceEventSchema) })
const liveLineSchema = z.object({ result: liveResultSchema, trace: z.array(traceEventSchema) })

/** A run out of evidence; every file is checked against its digest before it is used. */
export class EvidenceRun {
  readonly entry: EvidenceEntry
  readonly manifest: Manifest
  readonly decodings: readonly DecodingResult[]
  readonly cells: readonly CellResult[]
  readonly #evidence: EvidenceFolder
  #traces: Promise<ReadonlyMap<string, readonly TraceEvent[]>> | undefined

  private constructor(parts: {
    readonly entry: EvidenceEntry
    readonly evidence: EvidenceFolder
    readonly manifest: Manifest
    readonly decodings: readonly DecodingResult[]
    readonly cells: readonly CellResult[]
  }) {
    this.entry = parts.entry
    this.#evidence = parts.evidence
    this.manifest = parts.manifest
    this.decodings = parts.decodings
    this.cells = parts.cells
  }

  /** @throws DsdError `environment` when a file is missing or was changed. */
  static async open(evidence: EvidenceFolder, entry: EvidenceEntry): Promise<EvidenceRun> {
    const text = (await evidence.read(entry, EVIDENCE_FILES.manifest)).toString('utf8')
    return new EvidenceRun({
      entry,
      evidence,
      manifest: manifestSchema.parse(JSON.parse(text)),
      decodings: await unpackLines(await evidence.read(entry, EVIDENCE_FILES.decodings), decodingResultSchema),
      cells: await unpackLines(await evidence.read(entry, EVIDENCE_FILES.cells), cellResultSchema),
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

  async lives(): Promise<readonly { readonly result: LiveResult; readonly trace: readonly TraceEvent[] }[]> {
    return unpackLines(await this.#evidence.read(this.entry, EVIDENCE_FILES.live), liveLineSchema)
  }

  async #readTraces(): Promise<ReadonlyMap<string, readonly TraceEvent[]>> {
    const lines = await unpackLines(await this.#evidence.read(this.entry, EVIDENCE_FILES.traces), traceLineSchema)
    return new Map(lines.map(({ decoding, events }) => [decoding, events]))
  }
}
