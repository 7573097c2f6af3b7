/**
 * Q4_K and Q5_K pack eight 6-bit scales and eight 6-bit minima into 12 bytes: 0-3 of both in the low six bits of bytes 0-7,
 * 4-7 with their low nibbles in bytes 8-11 and their upper two bits on top of bytes 0-7.
 *
 * @returns in [0, 63]
 */
export function kScale(stored: DataView, at: number, group: number): number {
  if (group < 4) return stored.getUint8(at + group) & 63
  return (stored.getUint8(at + 4 + group) & 15) | ((stored.getUint8(at + group - 4) >> 6) << 4)
}

/** As `kScale`, for the minimum of a group. */
export function kMinimum(stored: DataView, at: number, group: number): number {
  if (group < 4) return stored.getUint8(at + 4 + group) & 63
  return (stored.getUint8(at + 4 + group) >> 4) | ((stored.getUint8(at + group) >> 6) << 4)
}
