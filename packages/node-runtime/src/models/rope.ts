import { z } from 'zod'

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

/** `rope_scaling` of transformers 4, or `rope_parameters` of transformers 5. */
export const ropeScalingSchema = z
  .object({ rope_type: z.string().optional(), type: z.string().optional(), rope_theta: positive.optional() })
  .loose()
  .transform(({ rope_type, type, ...rest }, context) => {
    const kind = rope_type ?? type ?? 'default'
    const parsed = scalings.safeParse({ ...rest, kind })
    if (parsed.success) return { theta: rest.rope_theta, scaling: parsed.data }
    context.addIssue({
      code: 'custom',
      message: ROPE_KINDS.some((known) => known === kind)
        ? `rope type ${kind} lacks ${parsed.error.issues.map((issue) => issue.path.join('.')).join(', ')}`
        : `rope type ${kind} is not supported (only ${ROPE_KINDS.join(', ')})`,
    })
    return z.NEVER
  })

const ROPE_KINDS = ['default', 'linear', 'llama3'] as const

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
