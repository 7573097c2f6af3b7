import { type TensorType, tensorFormats } from '../tensor-types.ts'
import { iq4Nl } from './iq4-nl.ts'
import { bf16, f16, f32 } from './plain.ts'
import { q2K } from './q2-k.ts'
import { q3K } from './q3-k.ts'
import { q4_0, q4_1 } from './q4.ts'
import { q4K } from './q4-k.ts'
import { q5_0, q5_1 } from './q5.ts'
import { q5K } from './q5-k.ts'
import { q6K } from './q6-k.ts'
import { q8_0 } from './q8.ts'

/** Fills `out`, a whole number of blocks, from as many stored blocks. */
type Dequantise = (stored: DataView, out: Float32Array) => void

const dequantisers = {
  F32: f32,
  F16: f16,
  BF16: bf16,
  Q4_0: q4_0,
  Q4_1: q4_1,
  Q5_0: q5_0,
  Q5_1: q5_1,
  Q8_0: q8_0,
  Q2_K: q2K,
  Q3_K: q3K,
  Q4_K: q4K,
  Q5_K: q5K,
  Q6_K: q6K,
  IQ4_NL: iq4Nl,
} as const satisfies Partial<Record<TensorType, Dequantise>>

/** The number formats that can be read. */
export type ReadableType = keyof typeof dequantisers

export const isReadable = (type: TensorType): type is ReadableType => type in dequantisers

export const readableTypes: readonly ReadableType[] = Object.keys(tensorFormats).filter(
  (type): type is ReadableType => type in dequantisers,
)

/**
 * Widens stored blocks to float32: the bits of ggml's own reference (`gguf.dequantize` of its Python package).
 *
 * @param stored whole blocks of `type`
 * @param out as many values as the blocks hold
 * @throws RangeError when the two do not fit each other
 */
export function dequantise(type: ReadableType, stored: Uint8Array, out: Float32Array): void {
  const { blockSize, blockBytes } = tensorFormats[type]
  if (stored.byteLength * blockSize !== out.length * blockBytes) {
    throw new RangeError(`${stored.byteLength} bytes of ${type} do not hold ${out.length} values`)
  }
  dequantisers[type](new DataView(stored.buffer, stored.byteOffset, stored.byteLength), out)
}
