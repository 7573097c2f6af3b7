import { z } from 'zod'
import { count, id, ms, RUN_SCHEMA_VERSION } from './fields.ts'

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
  /** Set where the next window is drafted while one travels. */
  draftAhead: z.literal(true).optional(),
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
  /** How the engine holds it, where the experiment says so. */
  precision: z.string().optional(),
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
    /** What drafts without a model: `prompt-lookup(ngram 3, minNgram 1)`. */
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

export type LinkSettings = z.infer<typeof linkSchema>
export type PlacedNodeRecord = z.infer<typeof placedNodeSchema>
export type ComputeSettings = z.infer<typeof computeSchema>
export type Variant = z.infer<typeof variantSchema>
export type Condition = z.infer<typeof conditionSchema>
export type Decoding = z.infer<typeof decodingSchema>
export type Cell = z.infer<typeof cellSchema>
export type Manifest = z.infer<typeof manifestSchema>
