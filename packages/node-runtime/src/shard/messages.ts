import { ACTIVATION_FORMATS, DsdError, MOST_NODES } from '@dsd-lab/core'
import { z } from 'zod'
import { PRECISIONS } from '../engines/precision.ts'
import { ENGINE_NAMES } from '../engines/shard-engine.ts'
import type { LinkSample } from '../links/link-check.ts'
import { linkSpecSchema } from '../links/link-spec.ts'

/** Version of the texts below; frames carry their own. */
export const HANDSHAKE_VERSION = 1

const u32 = z.number().int().min(0).max(0xffff_ffff)
const count = z.number().int().min(0)

/**
 * What a connection is for. `control`: coordinator to any node, both ways. `data`: windows from the predecessor.
 * `verdict`: from the tail to the coordinator.
 */
const roleSchema = z.enum(['control', 'data', 'verdict'])
export type ConnectionRole = z.infer<typeof roleSchema>

const identitySchema = z.object({
  node: count,
  nodes: count,
  pid: count,
  /** Random at process start: a restarted node is another one. */
  boot: u32,
  layers: z.object({ from: count, to: count }),
  embeds: z.boolean(),
  tail: z.boolean(),
  hiddenSize: count,
  vocabSize: count,
  maxLength: count,
  maxFrameBytes: count,
  /** Over configuration, tokenizer and weights. */
  modelDigest: z.string(),
  /** What computes: two nodes with different profiles may differ in the last bits. */
  engine: z.object({
    name: z.enum(ENGINE_NAMES),
    versions: z.record(z.string(), z.string()).readonly(),
    threads: count,
    device: z.string(),
    precision: z.enum(PRECISIONS),
    rowInvariance: z.object({ holds: z.boolean(), windows: z.array(count).readonly(), largestDifference: z.number() }),
  }),
})
/** What a shard process says about itself when it is called. */
export type ShardIdentity = z.infer<typeof identitySchema>

const endpointSchema = z.object({
  /** Where to dial; null: answer on the control connection. */
  url: z.string().nullable(),
  link: linkSpecSchema,
  /** Keys the noise: place of the link in its cluster. Along the chain and back, then to and from every node. */
  place: z
    .number()
    .int()
    .min(0)
    .max(3 * MOST_NODES),
})
export type Endpoint = z.infer<typeof endpointSchema>

const assignSchema = z.object({
  type: z.literal('assign'),
  id: count,
  gen: u32,
  /** Keys the noise of the links. */
  seed: count,
  /** How hidden states go to the successor. */
  activations: z.enum(ACTIVATION_FORMATS),
  /** The successor; null at the tail. */
  next: endpointSchema.nullable(),
  /** Where frames for the coordinator go: the verdict listener from the tail, else this connection. */
  coordinator: endpointSchema,
})
export type Assignment = z.infer<typeof assignSchema>

const sampleSchema = z.object({ sentUs: count, measuredMs: z.number() }) satisfies z.ZodType<LinkSample>

const countersSchema = z.object({
  windows: count,
  verdicts: count,
  stale: count,
  duplicates: count,
  nacks: count,
  /** Malformed, over the limit or of another version; each was answered. */
  badFrames: count,
  rowsComputed: count,
  /** Frames lost for want of a connection. */
  droppedFrames: count,
})
/** What a node has done and refused since it was assigned. */
export type NodeCounters = z.infer<typeof countersSchema>

const messageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), version: z.number(), role: roleSchema, key: z.string() }),
  z.object({ type: z.literal('welcome'), version: z.number(), shard: identitySchema.nullable() }),
  z.object({ type: z.literal('refused'), reason: z.string() }),
  assignSchema,
  z.object({ type: z.literal('assigned'), id: count }),
  z.object({
    type: z.literal('check-link'),
    id: count,
    to: z.enum(['next', 'coordinator']),
    pings: z.number().int().min(1).max(1000),
    payloadBytes: count,
  }),
  z.object({ type: z.literal('link-checked'), id: count, samples: z.array(sampleSchema) }),
  z.object({ type: z.literal('read-counters'), id: count }),
  z.object({ type: z.literal('counters'), id: count, counters: countersSchema }),
  z.object({ type: z.literal('failed'), id: count, message: z.string() }),
])

/** The texts on a connection: hand-shake first, then requests of the coordinator and their answers. */
export type Message = z.infer<typeof messageSchema>
export type MessageOf<T extends Message['type']> = Extract<Message, { type: T }>

/** What the coordinator asks of a node; the answer carries the same id. */
export type ControlRequest = MessageOf<'assign' | 'check-link' | 'read-counters'>
export type ControlReply = MessageOf<'assigned' | 'link-checked' | 'counters' | 'failed'>

export function isControlRequest(message: Message): message is ControlRequest {
  return ['assign', 'check-link', 'read-counters'].includes(message.type)
}

export function isControlReply(message: Message): message is ControlReply {
  return ['assigned', 'link-checked', 'counters', 'failed'].includes(message.type)
}

/** The message in a text, or undefined for anything else. */
export function readMessage(text: string): Message | undefined {
  try {
    return messageSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

export function protocolError(where: string, message: string, fix?: string): DsdError {
  return new DsdError(message, { kind: 'protocol', where, ...(fix === undefined ? {} : { fix }) })
}
