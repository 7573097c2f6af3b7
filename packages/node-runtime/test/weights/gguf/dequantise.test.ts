import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { dequantise, isReadable, readableTypes } from '../../../src/weights/gguf/dequantise/dequantise.ts'
import { type TensorType, tensorFormats } from '../../../src/weights/gguf/tensor-types.ts'

const isType = (name: string): name is TensorType => name in tensorFormats

/** Made by `fixtures/make_blocks.py` with ggml's own Python package. */
const reference = z
  .object({
    blocks: z.array(z.object({ type: z.string().refine(isType), stored: z.base64(), float32: z.base64() })),
    everyF16ButNaN: z.string(),
    everyBF16: z.string(),
  })
  .parse(JSON.parse(readFileSync(new URL('./fixtures/blocks.json', import.meta.url), 'utf8')))

const bytesOf = (values: Float32Array): Buffer => Buffer.from(values.buffer, values.byteOffset, values.byteLength)
const sha256 = (values: Float32Array): string => createHash('sha256').update(bytesOf(values)).digest('hex')

describe('dequantisation', () => {
  it('has a reference for every readable number format', () => {
    expect(reference.blocks.map(({ type }) => type).toSorted()).toEqual(readableTypes.toSorted())
  })

  it.each(reference.blocks)('$type equals ggml to the bit', ({ type, stored, float32 }) => {
    if (!isReadable(type)) throw new Error(`${type} is not readable`)
    const expected = Buffer.from(float32, 'base64')
    // Not aligned to anything, as a range of a file is.
    const shifted = Buffer.concat([Buffer.of(0), Buffer.from(stored, 'base64')]).subarray(1)
    const values = new Float32Array(expected.byteLength / 4)
    dequantise(type, shifted, values)
    expect(bytesOf(values).equals(expected)).toBe(true)
  })

  it('widens every half that is a number, and every bfloat16 bit pattern', () => {
    const patterns = Uint16Array.from({ length: 1 << 16 }, (_, bits) => bits)
    const isNaN16 = (bits: number): boolean => (bits & 0x7c00) === 0x7c00 && (bits & 0x3ff) !== 0
    const numbers = patterns.filter((bits) => !isNaN16(bits))
    const widened = (type: 'F16' | 'BF16', halves: Uint16Array): Float32Array => {
      const values = new Float32Array(halves.length)
      dequantise(type, new Uint8Array(halves.buffer, halves.byteOffset, halves.byteLength), values)
      return values
    }
    expect(sha256(widened('F16', numbers))).toBe(reference.everyF16ButNaN)
    expect(sha256(widened('BF16', patterns))).toBe(reference.everyBF16)
    expect(widened('F16', patterns.filter(isNaN16)).every(Number.isNaN)).toBe(true)
  })

  it('refuses output of another length than the blocks hold', () => {
    expect(() => dequantise('Q4_0', new Uint8Array(18), new Float32Array(33))).toThrow('do not hold 33 values')
  })
})
