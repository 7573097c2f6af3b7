import { z } from 'zod'
import type { SessionRequest } from '../decoding/target.ts'

/** What every node must know of a session; JSON, since it travels once a session. */
const openSchema = z.object({
  modelDigest: z.string(),
  rule: z.looseObject({ name: z.string() }),
  sampling: z.object({
    temperature: z.number().min(0).max(100),
    topK: z.int().positive().exactOptional(),
    topP: z.number().positive().max(1).exactOptional(),
  }),
  seed: z.int().nonnegative(),
  sequence: z.int().nonnegative(),
  eos: z.array(z.int().nonnegative()),
  maxLength: z.int().positive(),
  annotate: z.boolean(),
})

export type OpenRequest = z.infer<typeof openSchema>

/** The OPEN section. Its bytes are the root of the digest chain, so both ends hash the very same. */
export function encodeOpen(request: SessionRequest, modelDigest: string): Uint8Array {
  const { rule, sampling, seed, sequence, eos, maxLength, annotate = false } = request
  const open: OpenRequest = {
    modelDigest,
    rule: { ...rule },
    sampling,
    seed,
    sequence,
    eos: [...eos],
    maxLength,
    annotate,
  }
  return new TextEncoder().encode(JSON.stringify(open))
}

/** Undefined when the bytes are no OPEN section. */
export function decodeOpen(bytes: Uint8Array): OpenRequest | undefined {
  try {
    return openSchema.safeParse(JSON.parse(new TextDecoder().decode(bytes))).data
  } catch {
    return undefined
  }
}
