/** Number formats of safetensors that a shard computes with. All are widened to float32 when read. */
export const READABLE_DTYPES = ['F32', 'F16', 'BF16'] as const
export type ReadableDtype = (typeof READABLE_DTYPES)[number]

export const isReadableDtype = (dtype: string): dtype is ReadableDtype =>
  READABLE_DTYPES.some((readable) => readable === dtype)

export const bytesPerValue = (dtype: ReadableDtype): number => (dtype === 'F32' ? 4 : 2)

/**
 * Widens little-endian values to float32; exact for all three formats. The host must be little-endian, as every host of
 * the tensor engines is.
 *
 * @param bytes a whole number of values
 */
export function widen(dtype: ReadableDtype, bytes: Uint8Array): Float32Array {
  // A copy where a typed array cannot lie on the bytes.
  const { buffer, byteOffset } = bytes.byteOffset % bytesPerValue(dtype) === 0 ? bytes : bytes.slice()
  const count = bytes.byteLength / bytesPerValue(dtype)
  if (dtype === 'F32') return new Float32Array(buffer, byteOffset, count)
  const stored = new Uint16Array(buffer, byteOffset, count)
  const values = new Float32Array(count)
  if (dtype === 'F16') {
    halves ??= Float32Array.from({ length: 0x10000 }, (_, bits) => halfToNumber(bits))
    for (let i = 0; i < count; i++) values[i] = halves[stored[i] as number] as number
  } else {
    const bits = new Uint32Array(values.buffer)
    for (let i = 0; i < count; i++) bits[i] = (stored[i] as number) << 16
  }
  return values
}

/** Every half-precision number, by its bits; made on first use. */
let halves: Float32Array | undefined

/** IEEE 754 binary16: 1 sign, 5 exponent, 10 fraction bits. */
function halfToNumber(half: number): number {
  const sign = half & 0x8000 ? -1 : 1
  const exponent = (half >> 10) & 0x1f
  const fraction = half & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}
