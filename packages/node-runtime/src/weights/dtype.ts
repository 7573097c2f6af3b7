/** Number formats of safetensors that a shard computes with. All are widened to float32 when read. */
export const READABLE_DTYPES = ['F32', 'F16', 'BF16'] as const
export type ReadableDtype = (typeof READABLE_DTYPES)[number]

export const isReadableDtype = (dtype: string): dtype is ReadableDtype =>
  READABLE_DTYPES.some((readable) => readable === dtype)

export const bytesPerValue = (dtype: ReadableDtype): number => (dtype === 'F32' ? 4 : 2)

/**
 * Widens little-endian values to float32; exact for all three formats.
 *
 * @param bytes a whole number of values
 */
export function widen(dtype: ReadableDtype, bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const values = new Float32Array(bytes.byteLength / bytesPerValue(dtype))
  const bits = new Uint32Array(values.buffer)
  for (let i = 0; i < values.length; i++) {
    if (dtype === 'F32') bits[i] = view.getUint32(4 * i, true)
    else if (dtype === 'BF16') bits[i] = view.getUint16(2 * i, true) << 16
    else values[i] = halfToNumber(view.getUint16(2 * i, true))
  }
  return values
}

/** IEEE 754 binary16: 1 sign, 5 exponent, 10 fraction bits. */
function halfToNumber(half: number): number {
  const sign = half & 0x8000 ? -1 : 1
  const exponent = (half >> 10) & 0x1f
  const fraction = half & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}
