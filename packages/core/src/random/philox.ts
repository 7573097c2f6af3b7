/** Receives the four words of one block; reuse it to draw without allocating. `[4]` */
export type PhiloxBlock = Uint32Array

export interface PhiloxInput {
  /** Four 32-bit words, least significant first. */
  readonly counter: readonly [number, number, number, number]
  /** Two 32-bit words. */
  readonly key: readonly [number, number]
}

/**
 * Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"): a bijection of the counter for
 * each key, good enough to be used as a hash. Integer arithmetic only, so every host draws the same words.
 */
export function philox4x32({ counter, key }: PhiloxInput, out: PhiloxBlock = new Uint32Array(4)): PhiloxBlock {
  let c0 = counter[0] | 0
  let c1 = counter[1] | 0
  let c2 = counter[2] | 0
  let c3 = counter[3] | 0
  let k0 = key[0] | 0
  let k1 = key[1] | 0
  for (let round = 0; round < 10; round++) {
    // The high halves of 0xd2511f53 * c0 and 0xcd9e8d57 * c2, from 16-bit limbs so that no step leaves 32 bits.
    const low0 = c0 & 0xffff
    const top0 = c0 >>> 16
    const carry0 = (Math.imul(0xd251, low0) + (Math.imul(0x1f53, low0) >>> 16)) | 0
    const middle0 = (Math.imul(0x1f53, top0) + (carry0 & 0xffff)) | 0
    const high0 = (Math.imul(0xd251, top0) + (carry0 >>> 16) + (middle0 >>> 16)) | 0

    const low2 = c2 & 0xffff
    const top2 = c2 >>> 16
    const carry2 = (Math.imul(0xcd9e, low2) + (Math.imul(0x8d57, low2) >>> 16)) | 0
    const middle2 = (Math.imul(0x8d57, top2) + (carry2 & 0xffff)) | 0
    const high2 = (Math.imul(0xcd9e, top2) + (carry2 >>> 16) + (middle2 >>> 16)) | 0

    const next1 = Math.imul(0xcd9e8d57, c2)
    const next3 = Math.imul(0xd2511f53, c0)
    c0 = high2 ^ c1 ^ k0
    c1 = next1
    c2 = high0 ^ c3 ^ k1
    c3 = next3
    k0 = (k0 + 0x9e3779b9) | 0
    k1 = (k1 + 0xbb67ae85) | 0
  }
  out[0] = c0
  out[1] = c1
  out[2] = c2
  out[3] = c3
  return out
}
