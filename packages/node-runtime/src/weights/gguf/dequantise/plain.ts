import { halfValues } from './half.ts'

const bitsOf = (values: Float32Array): Uint32Array => new Uint32Array(values.buffer, values.byteOffset, values.length)

/** As stored; the hosts of all engines are little endian, as the file is. Bits are copied as bits, so that NaNs keep theirs. */
export function f32(stored: DataView, out: Float32Array): void {
  const bytes = new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength)
  new Uint8Array(out.buffer, out.byteOffset, out.byteLength).set(bytes)
}

export function f16(stored: DataView, out: Float32Array): void {
  const half = bitsOf(halfValues())
  const bits = bitsOf(out)
  for (let i = 0; i < bits.length; i++) bits[i] = half[stored.getUint16(2 * i, true)] ?? 0
}

/** bfloat16 is the upper half of a float32. */
export function bf16(stored: DataView, out: Float32Array): void {
  const bits = bitsOf(out)
  for (let i = 0; i < bits.length; i++) bits[i] = stored.getUint16(2 * i, true) << 16
}
