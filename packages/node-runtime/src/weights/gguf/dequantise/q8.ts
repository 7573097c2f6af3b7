import { halfValues } from './half.ts'

const BLOCK = 32

/** Block: half d, 32 signed bytes. Value: d q. */
export function q8_0(stored: DataView, out: Float32Array): void {
  const half = halfValues()
  for (let at = 0, to = 0; to < out.length; at += 34, to += BLOCK) {
    const d = half[stored.getUint16(at, true)] ?? 0
    for (let i = 0; i < BLOCK; i++) out[to + i] = d * stored.getInt8(at + 2 + i)
  }
}
