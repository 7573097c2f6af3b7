import { z } from 'zod'

/**
 * Evidence: finished runs, and measurements of importance, in a form small enough to keep in a repository, readable without any model.
 *
 *     evidence/index.json                       the runs and measurements, and the SHA-256 of every file
 *     evidence/<runId>/manifest.json            as in the run folder
 *     evidence/<runId>/decodings.jsonl.br       one decoding's result a line: texts, grades, acceptance by position
 *     evidence/<runId>/cells.jsonl.br           one cell's result a line: times and bytes of every item on one network
 *     evidence/<runId>/traces.jsonl.br          { decoding, events }: every round and commit, annotations to four digits
 *     evidence/<runId>/live.jsonl.br            { result, trace } of every cell over shard processes
 *     evidence/<runId>/agreement.jsonl.br       where drafts agree with the texts of plain decoding, for what is replayed; not in older ones
 *
 * What is left out follows from the rest: recorded passes but for that, the summary, timed traces of cells. Of a measurement it is the
 * evaluation and the scorer:
 *
 *     evidence/<id>/manifest.json               as in the folder of the measurement
 *     evidence/<id>/answers.jsonl.br            one line an item
 *     evidence/<id>/labels.jsonl.br             one line a flip
 *     evidence/<id>/effects.jsonl.br            one line a sampled effect size
 */
export const EVIDENCE_FILES = {
  manifest: 'manifest.json',
  decodings: 'decodings.jsonl.br',
  cells: 'cells.jsonl.br',
  traces: 'traces.jsonl.br',
  live: 'live.jsonl.br',
  agreement: 'agreement.jsonl.br',
} as const

export const MEASUREMENT_FILES = {
  manifest: 'manifest.json',
  answers: 'answers.jsonl.br',
  labels: 'labels.jsonl.br',
  effects: 'effects.jsonl.br',
} as const

type NameIn<Files> = Files[keyof Files]
export type EvidenceFile = NameIn<typeof EVIDENCE_FILES> | NameIn<typeof MEASUREMENT_FILES>

const fileSchema = z.object({
  name: z.enum([...new Set([...Object.values(EVIDENCE_FILES), ...Object.values(MEASUREMENT_FILES)])]),
  /** Hex. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.number().int().nonnegative(),
})

const keptSchema = z.object({
  /** Of the run, or of the measurement. */
  runId: z.string().regex(/^[a-z0-9][a-z0-9._-]*$/),
  /** File name of the experiment; evidence holds one run and one measurement of each. */
  experiment: z.string(),
  title: z.string(),
  files: z.array(fileSchema),
})

const entrySchema = keptSchema.extend({
  /** Largest loss of accuracy that counts as none, percentage points. */
  marginPoints: z.number(),
})

export const evidenceIndexSchema = z.object({
  schema: z.literal(1),
  runs: z.array(entrySchema),
  measurements: z.array(keptSchema).default([]),
})

/** A run or a measurement of importance. */
export type KeptEntry = z.infer<typeof keptSchema>
export type EvidenceEntry = z.infer<typeof entrySchema>
export type EvidenceIndex = z.infer<typeof evidenceIndexSchema>
