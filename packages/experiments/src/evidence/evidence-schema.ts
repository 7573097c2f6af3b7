import { z } from 'zod'

/**
 * Evidence: finished runs in a form small enough to keep in a repository, readable without any model.
 *
 *     evidence/index.json                       the runs, and the SHA-256 of every file
 *     evidence/<runId>/manifest.json            as in the run folder
 *     evidence/<runId>/decodings.jsonl.br       one decoding's result a line: texts, grades, acceptance by position
 *     evidence/<runId>/cells.jsonl.br           one cell's result a line: times and bytes of every item on one network
 *     evidence/<runId>/traces.jsonl.br          { decoding, events }: every round and commit, annotations to four digits
 *     evidence/<runId>/live.jsonl.br            { result, trace } of every cell over shard processes
 *     evidence/<runId>/agreement.jsonl.br       where drafts agree with the texts of plain decoding, for what is replayed; not in older ones
 *
 * What is left out follows from the rest: recorded passes but for that, the summary, timed traces of cells.
 */
export const EVIDENCE_FILES = {
  manifest: 'manifest.json',
  decodings: 'decodings.jsonl.br',
  cells: 'cells.jsonl.br',
  traces: 'traces.jsonl.br',
  live: 'live.jsonl.br',
  agreement: 'agreement.jsonl.br',
} as const

export type EvidenceFile = (typeof EVIDENCE_FILES)[keyof typeof EVIDENCE_FILES]

const fileSchema = z.object({
  name: z.enum(Object.values(EVIDENCE_FILES)),
  /** Hex. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.number().int().nonnegative(),
})

const entrySchema = z.object({
  runId: z.string().regex(/^[a-z0-9][a-z0-9._-]*$/),
  /** File name of the experiment; evidence holds one run of each. */
  experiment: z.string(),
  title: z.string(),
  /** Largest loss of accuracy that counts as none, percentage points. */
  marginPoints: z.number(),
  files: z.array(fileSchema),
})

export const evidenceIndexSchema = z.object({ schema: z.literal(1), runs: z.array(entrySchema) })

export type EvidenceEntry = z.infer<typeof entrySchema>
export type EvidenceIndex = z.infer<typeof evidenceIndexSchema>
