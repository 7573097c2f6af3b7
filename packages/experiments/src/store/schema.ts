import { z } from 'zod'

/**
 * The run folder, the only thing that report, show, compare and export read:
 *
 *     runs/<runId>/manifest.json                 what was asked, with what, on what
 *     runs/<runId>/passes/<id>.jsonl             work of the models, text by text; decodings are made from it
 *     runs/<runId>/decodings/<id>/result.json    texts, grades and acceptance of one decoding
 *     runs/<runId>/decodings/<id>/trace.jsonl    its rounds and commits (core's trace schema)
 *     runs/<runId>/cells/<decoding>.json         times and bytes of that decoding on every network, one entry a cell
 *     runs/<runId>/cells/<id>/trace.jsonl        the rounds of a cell's first prompts, timed; of at most some hundred cells
 *     runs/<runId>/live/<id>/result.json         the same cell over real shard processes
 *     runs/<runId>/live/<id>/trace.jsonl
 *     runs/<runId>/summary.json                  estimates with intervals; a pure function of the files above but live/
 */
export const RUN_SCHEMA_VERSION = 1

const ms = z.number().finite().nonnegative()
const count = z.number().int().nonnegative()
const id = z.string().regex(/^[a-z0-9][a-z0-9._-]*$/)

export const linkSchema = z.object({
  /** One way. */
  latencyMs: ms,
  jitterMs: ms,
  /** Absent: not limited. */
  bandwidthMbps: z.number().positive().optional(),
  /** Share of frames that are sent twice, in [0, 1). */
  loss: z.number().min(0).lt(1),
})

export const computeSchema = z.object({
  kind: z.enum(['declared', 'measured']),
  /** Per node: `baseMs + perRowMs * rows`. */
  baseMs: ms,
  perRowMs: ms,
  /** One forward pass of the draft model at the coordinator. */
  draftStepMs: ms,
})

/** One arm with every sweep resolved. */
export const variantSchema = z.object({
  id,
  arm: z.string(),
  /** For people: `adaptive, tau 0.2`. */
  label: z.string(),
  decode: z.enum(['autoregressive', 'speculative']),
  /** 0 for autoregressive; the largest window where it is chosen on the way. */
  gamma: count,
  /** Set where the window is chosen before every round, for the most tokens over time. */
  window: z.literal('auto').optional(),
  /** Acceptance rule as JSON; null for autoregressive. */
  accept: z.record(z.string(), z.unknown()).nullable(),
  lossless: z.boolean(),
  /** The swept parameters only: `{ gamma: 4, 'accept.tau': 0.2 }`. */
  parameters: z.record(z.string(), z.union([z.number(), z.string()])),
  /** Set on a random control: the variant whose rate of relaxed tokens it copies. */
  controls: id.optional(),
  /** The variant of the baseline arm that it is compared with; absent on the baseline arm itself. */
  against: id.optional(),
})

/** A node with the layers that it was given, and why. */
export const placedNodeSchema = z.object({
  /** `[from, to)` */
  layers: z.object({ from: count, to: count }),
  /** Relative to the others; `compute` is that of a node of speed 1 with an even share of the layers. */
  speed: z.number().positive(),
  /** Of the shard process, 10^6 bytes; absent: not limited. */
  memoryMb: z.number().positive().optional(),
  /** Weights as stored, 10^6 bytes. */
  weightsMb: z.number().nonnegative(),
})

export const conditionSchema = z.object({
  id,
  nodes: z.number().int().positive(),
  /** Head first; absent: every node has an even share. `[nodes]` */
  placement: z.array(placedNodeSchema).optional(),
  link: linkSchema,
  compute: computeSchema,
})

export const decodingSchema = z.object({
  id,
  variant: id,
  task: z.string(),
  seed: count,
  /** The model work that it is made from; lossless variants share one recorded pass. */
  pass: id.optional(),
  /** Set where windows are chosen on the way: the network that they were chosen for. */
  condition: id.optional(),
})
export const cellSchema = z.object({ id, variant: id, task: z.string(), seed: count, condition: id, decoding: id })

export const modelRecordSchema = z.object({
  ref: z.string(),
  digest: z.string(),
  parameters: count,
  layers: count,
  /** Width of the hidden states that cross a link. */
  hiddenSize: count.optional(),
  bytes: count,
})

export const taskRecordSchema = z.object({
  name: z.string(),
  /** Of the items that were decoded. */
  digest: z.string(),
  items: count,
  /** Longest answer, tokens. */
  maxTokens: count.optional(),
  /** How items were put to the target: through its chat template, or as a text to continue. */
  prompt: z.enum(['chat', 'raw']).optional(),
  /** The data set of others that the items come from, and whether it is the one that was published. */
  data: z.object({ digest: z.string(), published: z.boolean() }).optional(),
})

export const manifestSchema = z.object({
  schema: z.literal(RUN_SCHEMA_VERSION),
  runId: id,
  title: z.string(),
  /** ISO 8601, UTC. */
  createdAt: z.string(),
  file: z.string(),
  experimentDigest: z.string(),
  /** The experiment as declared, sweeps and all. */
  experiment: z.record(z.string(), z.unknown()),
  baseline: z.string(),
  variants: z.array(variantSchema),
  conditions: z.array(conditionSchema),
  decodings: z.array(decodingSchema),
  cells: z.array(cellSchema),
  /** Ids of the cells that are run again over real shard processes. */
  live: z.array(id),
  seeds: z.array(count),
  sampling: z.record(z.string(), z.number()),
  tasks: z.array(taskRecordSchema),
  models: z.object({
    target: modelRecordSchema,
    draft: modelRecordSchema.nullable(),
    /** What drafts without a model: `prompt-lookup(1-3)`. */
    drafter: z.string().optional(),
  }),
  engine: z.object({
    name: z.string(),
    version: z.string(),
    /** How it holds the matrices. */
    precision: z.string().optional(),
    rowInvariant: z.boolean(),
    note: z.string(),
  }),
  versions: z.record(z.string(), z.string()),
  git: z.object({ commit: z.string(), dirty: z.boolean() }).nullable(),
  machine: z.object({ platform: z.string(), cpu: z.string(), cores: count, memoryMb: count }),
})

/** How often the i-th drafted token was kept, given that all before it were. `[gamma]` each. */
const byPositionSchema = z.object({ trials: z.array(count), kept: z.array(count) })

/** What became of the drafts of one answer whose committed token is of one type. */
const typeCountsSchema = z.object({
  by: z.enum(['class', 'place']),
  /** A token class, or a place in the answer. */
  name: z.string(),
  /** Kept as the target's own choice. */
  kept: count,
  /** Kept against it. */
  relaxed: count,
  corrected: count,
  /** Sum of the importance of those that were scored. */
  importance: z.number(),
  scored: count,
})

export const decodedItemSchema = z.object({
  item: z.string(),
  sequence: count,
  promptTokens: count,
  /** Tokens of the answer, the end-of-text token included. */
  tokens: count,
  rounds: count,
  drafted: count,
  accepted: count,
  /** Drafts kept against the target's own choice. */
  relaxed: count,
  /** Positions where the drafted token was not the target's choice and the rule had to decide. */
  mismatches: count,
  /** Null where the task has no right answers. */
  correct: z.boolean().nullable(),
  reason: z.string(),
  /** What the target was asked, as text. */
  prompt: z.string(),
  text: z.string(),
  /** `text` cut by token, `[tokens]`; joined it is `text`. A token that ends inside a character, or writes nothing, is empty. */
  pieces: z.array(z.string()),
  /** Absent where nothing was drafted. */
  types: z.array(typeCountsSchema).optional(),
})

export const decodingResultSchema = z.object({
  schema: z.literal(RUN_SCHEMA_VERSION),
  decoding: decodingSchema,
  items: z.array(decodedItemSchema),
  byPosition: byPositionSchema,
  /** How the rounds came about: decoded for real, or recomputed exactly from one recorded pass. */
  method: z.enum(['decoded', 'replayed']),
  /** The rule as it judged, with the rate of a control filled in; null for autoregressive. */
  accept: z.record(z.string(), z.unknown()).nullable().optional(),
})

export const timedItemSchema = z.object({
  item: z.string(),
  tokens: count,
  rounds: count,
  totalMs: ms,
  firstTokenMs: ms,
  forwardBytes: count,
  verdictBytes: count,
})

export const cellResultSchema = z.object({
  schema: z.literal(RUN_SCHEMA_VERSION),
  cell: cellSchema,
  clock: z.enum(['virtual', 'live']),
  items: z.array(timedItemSchema),
})

/** All cells of one decoding; columns have one entry an item. */
export const timedCellsSchema = z.object({
  schema: z.literal(RUN_SCHEMA_VERSION),
  decoding: id,
  items: z.array(z.string()),
  tokens: z.array(count),
  rounds: z.array(count),
  cells: z.array(
    z.object({
      id,
      totalMs: z.array(ms),
      firstTokenMs: z.array(ms),
      forwardBytes: z.array(count),
      verdictBytes: z.array(count),
    }),
  ),
})

/** The cells of one decoding one by one; those that are not in `cells` are left out. */
export function cellResultsOf(timed: TimedCells, cells: ReadonlyMap<string, Cell>): CellResult[] {
  return timed.cells.flatMap(({ id, totalMs, firstTokenMs, forwardBytes, verdictBytes }): CellResult[] => {
    const cell = cells.get(id)
    if (cell === undefined) return []
    const items = timed.items.map((item, index) => ({
      item,
      tokens: timed.tokens[index] ?? 0,
      rounds: timed.rounds[index] ?? 0,
      totalMs: totalMs[index] ?? 0,
      firstTokenMs: firstTokenMs[index] ?? 0,
      forwardBytes: forwardBytes[index] ?? 0,
      verdictBytes: verdictBytes[index] ?? 0,
    }))
    return [{ schema: RUN_SCHEMA_VERSION, cell, clock: 'virtual', items }]
  })
}

/** A live re-run beside its virtual cell. */
export const liveResultSchema = cellResultSchema.extend({
  clock: z.literal('live'),
  /** Whether every id equals the virtual decoding; the first difference otherwise. */
  identical: z.boolean(),
  firstDifference: z.object({ item: z.string(), position: count, marginNats: z.number() }).nullable(),
  links: z.array(z.object({ link: z.string(), declaredMs: ms, measuredMs: ms })),
  /** Fitted from this run's own trailers, for the prediction laid beside it. */
  measuredCompute: z.object({ baseMs: ms, perRowMs: ms, draftStepMs: ms }),
  predictedMs: ms,
  measuredMs: ms,
})

/** A point estimate with a two-sided 95 % interval, never one without the other. */
export const estimateSchema = z.object({ estimate: z.number(), low: z.number(), high: z.number() })

/** One variant on one task, over all networks: what does not depend on time. */
export const qualitySchema = z.object({
  variant: id,
  task: z.string(),
  items: count,
  /** Null where the task is not graded. */
  accuracy: estimateSchema.extend({ correct: count, trials: count }).nullable(),
  /** Tokens committed a round, the target's own token included. */
  tokensPerRound: estimateSchema,
  /** Share of drafted tokens kept. */
  acceptance: estimateSchema,
  byPosition: byPositionSchema,
  /** Share of committed tokens that were kept against the target's own choice. */
  relaxedRate: z.number(),
  /** Share of mismatches that were kept. */
  relaxedOfMismatches: z.number(),
  /** Accuracy against the baseline arm, paired by item; null on the baseline itself, and where nothing is graded. Points are percentage points. */
  versusBaseline: z
    .object({
      differencePoints: estimateSchema,
      mcnemarP: z.number(),
      mcnemarMidP: z.number().optional(),
      marginPoints: z.number(),
      /** Exact, one-sided; null where a prompt was graded several times. */
      nonInferiorityP: z.number().nullable().optional(),
      nonInferior: z.boolean(),
      /** Both after Holm's adjustment over the relaxed variants of the task that are no controls; absent on all others. */
      holm: z.object({ mcnemarP: z.number(), nonInferiorityP: z.number().nullable() }).optional(),
    })
    .nullable(),
})

/** One variant on one task under one condition. */
export const speedSchema = z.object({
  variant: id,
  task: z.string(),
  condition: id,
  msPerToken: estimateSchema,
  /** Ratio of mean ms per token, autoregressive over this, paired and clustered by item. */
  speedupOverAutoregressive: estimateSchema.nullable(),
  /** The same over the baseline arm. */
  speedupOverBaseline: estimateSchema.nullable(),
  roundsPerToken: z.number(),
  forwardBytesPerToken: z.number(),
  verdictBytesPerToken: z.number(),
  /** Speed-up that the cost formula of the paper and the general cost model predict from the acceptance alone; null where windows are not of one size: chosen on the way, or as long as what a drafter finds. */
  predicted: z.object({ paper: z.number(), general: z.number() }).nullable(),
})

/** The drafts of one variant on one task whose committed token is of one type. */
export const tokenTypeSchema = z.object({
  variant: id,
  task: z.string(),
  by: z.enum(['class', 'place']),
  name: z.string(),
  judged: count,
  /** Share of them kept, those against the target's choice included. */
  acceptance: estimateSchema,
  relaxed: count,
  corrected: count,
  /** Null where the rule did not score. */
  meanImportance: z.number().nullable(),
})

export const diagnosisSchema = z.object({
  code: z.enum(['weak-draft', 'links-too-fast', 'window-too-long', 'threshold-too-loose']),
  message: z.string(),
  /** The number that shows it. */
  value: z.number(),
  variant: id.nullable(),
  task: z.string().nullable(),
  condition: id.nullable(),
})

export const summarySchema = z.object({
  schema: z.literal(RUN_SCHEMA_VERSION),
  runId: id,
  title: z.string(),
  baseline: z.string(),
  quality: z.array(qualitySchema),
  speed: z.array(speedSchema),
  /** Half-width of the 95 % interval of the baseline against itself under another resampling: what is noise here. */
  noiseFloor: z.object({ speedup: z.number(), accuracyPoints: z.number().nullable() }),
  diagnoses: z.array(diagnosisSchema),
  /** Absent in runs that are older than it. */
  tokenTypes: z.array(tokenTypeSchema).optional(),
})

export type LinkSettings = z.infer<typeof linkSchema>
export type PlacedNodeRecord = z.infer<typeof placedNodeSchema>
export type ComputeSettings = z.infer<typeof computeSchema>
export type Variant = z.infer<typeof variantSchema>
export type Condition = z.infer<typeof conditionSchema>
export type Decoding = z.infer<typeof decodingSchema>
export type Cell = z.infer<typeof cellSchema>
export type Manifest = z.infer<typeof manifestSchema>
export type DecodedItem = z.infer<typeof decodedItemSchema>
export type TypeCounts = z.infer<typeof typeCountsSchema>
export type DecodingResult = z.infer<typeof decodingResultSchema>
export type TimedItem = z.infer<typeof timedItemSchema>
export type CellResult = z.infer<typeof cellResultSchema>
export type TimedCells = z.infer<typeof timedCellsSchema>
export type LiveResult = z.infer<typeof liveResultSchema>
export type Estimate = z.infer<typeof estimateSchema>
export type Quality = z.infer<typeof qualitySchema>
export type Speed = z.infer<typeof speedSchema>
export type TokenType = z.infer<typeof tokenTypeSchema>
export type Diagnosis = z.infer<typeof diagnosisSchema>
export type Summary = z.infer<typeof summarySchema>
