import { z } from 'zod'
import { quoted } from '../weights/gguf/refusal.ts'
import { fieldError } from './field-error.ts'

/** Rotary position embedding (Su et al. 2021), in the form of Hugging Face: dimension i turns with dimension i + headDim / 2. */
export type Rope =
  | { readonly kind: 'default'; readonly theta: number }
  /** Positions divided by `factor`. */
  | { readonly kind: 'linear'; readonly theta: number; readonly factor: number }
  /** Llama 3.1: long wavelengths are stretched by `factor`, short ones kept, those between interpolated. */
  | {
      readonly kind: 'llama3'
      readonly theta: number
      readonly factor: number
      readonly lowFreqFactor: number
      readonly highFreqFactor: number
      readonly originalMaxLength: number
    }
  /** Frequency of each pair of dimensions divided by its own factor, as GGUF files may hold them. `[headDim / 2]` */
  | { readonly kind: 'factors'; readonly theta: number; readonly factors: readonly number[] }

const positive = z.number().positive()

/** Transformers 5 nests the parameters under types of layers where these rotate differently. */
const ofOneLayerType = z.null('rotations that differ by type of layer are not supported').optional()

const scalingSchema = z.looseObject({
  full_attention: ofOneLayerType,
  sliding_attention: ofOneLayerType,
  rope_type: z.string().optional(),
  type: z.string().optional(),
  rope_theta: positive.optional(),
  partial_rotary_factor: z.literal(1, 'rotating a part of each head is not supported').nullish(),
})

/** The fields of config.json that say how positions rotate: `rope_scaling` in transformers 4, `rope_parameters` in transformers 5. */
export const ropeFields = {
  rope_theta: positive.nullish(),
  rope_scaling: scalingSchema.nullish(),
  rope_parameters: scalingSchema.nullish(),
  partial_rotary_factor: z.literal(1, 'rotating a part of each head is not supported').nullish(),
  original_max_position_embeddings: positive.nullish(),
}

type RopeFields = z.output<z.ZodObject<typeof ropeFields>>

const DEFAULT_THETA = 10_000

/** @throws z.ZodError naming the rope type that is not supported, or what it lacks */
export function ropeOf({ maxLength, ...raw }: RopeFields & { readonly maxLength: number }): Rope {
  const field = raw.rope_scaling == null ? 'rope_parameters' : 'rope_scaling'
  const { rope_type, type, ...rest } = raw[field] ?? {}
  const kind = rope_type ?? type ?? 'default'
  const original_max_position_embeddings = raw.original_max_position_embeddings ?? maxLength
  const parsed = scalings.safeParse({ original_max_position_embeddings, ...rest, kind })
  if (parsed.success) return { theta: rest.rope_theta ?? raw.rope_theta ?? DEFAULT_THETA, ...parsed.data }
  throw fieldError(
    field,
    scalingKinds.some((known) => known === kind)
      ? `rope type ${kind} lacks ${parsed.error.issues.map((issue) => issue.path.join('.')).join(', ')}`
      : `rope type ${quoted(kind)} is not supported (only default, linear, llama3)`,
  )
}

const scalingKinds = ['default', 'linear', 'llama3', 'factors'] as const

const scalings = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('default') }),
  z.object({ kind: z.literal('linear'), factor: positive }),
  z.object({ kind: z.literal('factors'), factors: z.array(positive) }),
  z
    .object({
      kind: z.literal('llama3'),
      factor: positive,
      low_freq_factor: positive,
      high_freq_factor: positive,
      original_max_position_embeddings: positive,
    })
    .transform((raw) => ({
      kind: raw.kind,
      factor: raw.factor,
      lowFreqFactor: raw.low_freq_factor,
      highFreqFactor: raw.high_freq_factor,
      originalMaxLength: raw.original_max_position_embeddings,
    })),
])

/**
 * Angle that each pair of dimensions turns by per position, radians.
 *
 * @returns `[headDim / 2]`
 */
export function ropeFrequencies(rope: Rope, headDim: number): Float64Array {
  return Float64Array.from({ length: headDim / 2 }, (_, pair) => {
    const frequency = rope.theta ** ((-2 * pair) / headDim)
    switch (rope.kind) {
      case 'default':
        return frequency
      case 'linear':
        return frequency / rope.factor
      case 'factors':
        return frequency / (rope.factors[pair] ?? 1)
      case 'llama3': {
        const turns = (rope.originalMaxLength * frequency) / (2 * Math.PI)
        const kept = (turns - rope.lowFreqFactor) / (rope.highFreqFactor - rope.lowFreqFactor)
        const share = Math.min(1, Math.max(0, kept))
        return share * frequency + ((1 - share) * frequency) / rope.factor
      }
    }
  })
}
