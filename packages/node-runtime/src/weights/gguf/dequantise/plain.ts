import { float32Bits } from './half.ts'

const bitsOf = (values: Float32Array): Uint32Array => new Uint32Array(values.buffer, values.byteOffset, values.length)

/** Bits are copied as integers throughout this file, so that NaNs keep their payload too. */
export function f32(stored: DataView, out: Float32Array): void {
  const bits = bitsOf(out)
  for (let i = 0; i < bits.length; i++) bits[i] = stored.getUint32(4 * i, true)
}

export function f16(stored: DataView, out: Float32Array): void {
  const bits = bitsOf(out)
  for (let i = 0; i < bits.length; i++) bits[i] = float32Bits(stored.getUint16(2 * i, true))
}

/** bfloat16 is the upper half of a float32. */
export function bf16(stored: DataView, out: Float32Array): void {
  const bits = bitsOf(out)
  for (let i = 0; i < bits.length; i++) bits[i] = stored.getUint16(2 * i, true) << 16
}
