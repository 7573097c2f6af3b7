import { DsdError } from '../errors.ts'
import type { Distribution } from './distribution.ts'
import { LARGEST_SUPPORT, LAW_SCALE } from './quantise.ts'
import { sparseDistribution } from './sparse.ts'

const ENTRY_BYTES = 5

/** Bytes that `encodeLaw` needs: 1 + 5 per token of the support. */
export function lawBytes(law: Distribution): number {
  return 1 + ENTRY_BYTES * law.ids.length
}

/**
 * A quantised law on the wire: support u8, then per token, ids ascending, id u24 and weight - 1 u16, little endian.
 * @throws DsdError (`bad-input`) when the law was not made by `quantise` or `pointMass`.
 */
export function encodeLaw(law: Distribution): Uint8Array {
  const tokens = Array.from(law.ids, (id, slot) => ({ id, weight: (law.probabilities[slot] ?? 0) * LAW_SCALE }))
  const total = tokens.reduce((sum, { weight }) => sum + weight, 0)
  const whole = tokens.every(({ id, weight }) => Number.isInteger(weight) && weight >= 1 && id < 2 ** 24)
  if (!whole || total !== LAW_SCALE || tokens.length > LARGEST_SUPPORT) {
    throw new DsdError('the law of a drafted token is not quantised', {
      kind: 'bad-input',
      where: 'draft distribution',
      fix: 'sample the draft from quantise(law) and send that law',
    })
  }
  tokens.sort((a, b) => a.id - b.id)
  const bytes = new Uint8Array(lawBytes(law))
  const view = new DataView(bytes.buffer)
  view.setUint8(0, tokens.length)
  for (const [slot, { id, weight }] of tokens.entries()) {
    const at = 1 + ENTRY_BYTES * slot
    view.setUint16(at, id & 0xffff, true)
    view.setUint8(at + 2, id >>> 16)
    view.setUint16(at + 3, weight - 1, true)
  }
  return bytes
}

export interface EncodedLaw {
  readonly bytes: Uint8Array
  /** Where the law begins. Default 0. */
  readonly offset?: number
  readonly vocabSize: number
}

/**
 * Reads one law and says how many bytes it took.
 * @throws DsdError (`protocol`) when it is cut short, ids are not ascending or out of range, or weights do not sum to 2^16.
 */
export function decodeLaw({ bytes, offset = 0, vocabSize }: EncodedLaw): { law: Distribution; byteLength: number } {
  const support = bytes[offset] ?? 0
  const byteLength = 1 + ENTRY_BYTES * support
  if (support === 0 || offset + byteLength > bytes.length) throw malformed('is cut short')
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, byteLength)
  const slots = Array.from({ length: support }, (_, slot) => 1 + ENTRY_BYTES * slot)
  const ids = slots.map((at) => view.getUint16(at, true) | (view.getUint8(at + 2) << 16))
  const weights = slots.map((at) => view.getUint16(at + 3, true) + 1)
  if (ids.some((id, slot) => id >= vocabSize || id <= (ids[slot - 1] ?? -1))) throw malformed('has ids out of order')
  if (weights.reduce((sum, weight) => sum + weight, 0) !== LAW_SCALE) throw malformed(`does not sum to ${LAW_SCALE}`)
  return { law: sparseDistribution({ vocabSize, ids, weights }), byteLength }
}

function malformed(what: string): DsdError {
  return new DsdError(`the law of a drafted token ${what}`, {
    kind: 'protocol',
    where: 'draft distribution',
    fix: 'check that coordinator and tail run the same version',
  })
}
