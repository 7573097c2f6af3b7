let table: Float32Array | undefined

/** Value of every IEEE 754 binary16 bit pattern. `[65536]` */
export function halfValues(): Float32Array {
  if (table !== undefined) return table
  table = new Float32Array(1 << 16)
  const bits = new Uint32Array(table.buffer)
  for (let half = 0; half < bits.length; half++) bits[half] = float32Bits(half)
  return table
}

/** Float32 bits of a half: exact for every number; infinities stay, and a NaN keeps its sign and payload. */
function float32Bits(half: number): number {
  const sign = (half & 0x8000) << 16
  const exponent = (half >> 10) & 0x1f
  const fraction = half & 0x3ff
  if (exponent === 0x1f) return sign | 0x7f800000 | (fraction << 13)
  if (exponent > 0) return sign | ((exponent + 112) << 23) | (fraction << 13)
  if (fraction === 0) return sign
  // A subnormal is fraction * 2^-24; as a float32 it is normal, with the leading bit of the fraction implied.
  const leading = 31 - Math.clz32(fraction)
  return sign | ((leading + 103) << 23) | ((fraction << (23 - leading)) & 0x7fffff)
}
