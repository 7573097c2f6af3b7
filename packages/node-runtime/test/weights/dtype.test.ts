import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { widen } from '../../src/weights/dtype.ts'

const halves = (bits: readonly number[]) => widen('F16', new Uint8Array(Uint16Array.from(bits).buffer))
const brains = (bits: readonly number[]) => widen('BF16', new Uint8Array(Uint16Array.from(bits).buffer))

describe('widening to float32', () => {
  it('reads the landmarks of half precision', () => {
    expect([...halves([0x0000, 0x3c00, 0xc000, 0x3555, 0x7bff])]).toEqual([0, 1, -2, 0.333251953125, 65504])
    expect([...halves([0x0001, 0x03ff, 0x0400])]).toEqual([2 ** -24, 1023 * 2 ** -24, 2 ** -14])
    expect([...halves([0x7c00, 0xfc00, 0x7e00])]).toEqual([
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      Number.NaN,
    ])
    expect(Object.is(halves([0x8000])[0], -0)).toBe(true)
  })

  it('reads the landmarks of bfloat16', () => {
    expect([...brains([0x0000, 0x3f80, 0xc000, 0x7f80])]).toEqual([0, 1, -2, Number.POSITIVE_INFINITY])
    expect(brains([0x4049])[0]).toBe(3.140625)
  })

  it('keeps every float32 bit, at any alignment', () => {
    fc.assert(
      fc.property(fc.array(fc.float({ noNaN: true })), fc.nat(7), (values, shift) => {
        const stored = new Uint8Array(shift + 4 * values.length)
        stored.set(new Uint8Array(Float32Array.from(values).buffer), shift)
        expect(widen('F32', stored.subarray(shift))).toEqual(Float32Array.from(values))
      }),
    )
  })
})
