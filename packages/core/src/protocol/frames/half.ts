/** IEEE 754 binary16 with rounding to nearest, ties to even; beyond 65504 it is infinite. */

const bits = new Uint32Array(1)
const value = new Float32Array(bits.buffer)

const INFINITY = 0x7c00
const QUIET_NAN = 0x7e00
/** Bits of the float32 2^-14, the smallest normal half, and of 65520, from where rounding reaches infinity. */
const SMALLEST_NORMAL = 0x38800000
const ROUNDS_TO_INFINITY = 0x477ff000

/** @returns the 16 bits */
export function halfBits(x: number): number {
  value[0] = x
  const all = bits[0] ?? 0
  const sign = (all >>> 16) & 0x8000
  const magnitude = all & 0x7fffffff
  if (magnitude > 0x7f800000) return sign | QUIET_NAN
  if (magnitude >= ROUNDS_TO_INFINITY) return sign | INFINITY
  // Below the normal range the last place is worth 2^-24, so the float unit rounds the quotient.
  if (magnitude < SMALLEST_NORMAL) return sign | roundToEven(Math.abs(x) * 2 ** 24)
  const rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1)
  return sign | ((rounded - 0x38000000) >>> 13)
}

export function fromHalfBits(half: number): number {
  const sign = half & 0x8000 ? -1 : 1
  const exponent = (half >>> 10) & 0x1f
  const fraction = half & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

function roundToEven(x: number): number {
  const floor = Math.floor(x)
  const rest = x - floor
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor
}
