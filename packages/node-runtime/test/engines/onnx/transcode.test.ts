import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { BlockForm } from '../../../src/engines/onnx/weights/matrix-form.ts'
import { type BlockRows, emptyBlockRows } from '../../../src/engines/onnx/weights/transcode/block-rows.ts'
import { exactForm } from '../../../src/engines/onnx/weights/transcode/exact-forms.ts'
import { quantise } from '../../../src/engines/onnx/weights/transcode/quantise.ts'
import { isReadable } from '../../../src/weights/gguf/dequantise/dequantise.ts'
import { type TensorType, tensorFormats } from '../../../src/weights/gguf/tensor-types.ts'

const isType = (name: string): name is TensorType => name in tensorFormats
const { blocks } = z
  .object({ blocks: z.array(z.object({ type: z.string().refine(isType), stored: z.base64(), float32: z.base64() })) })
  .parse(JSON.parse(readFileSync(new URL('../../weights/gguf/fixtures/blocks.json', import.meta.url), 'utf8')))

const EXACT = ['Q4_0', 'Q4_1', 'Q4_K', 'Q5_0', 'Q5_1', 'Q5_K', 'Q6_K', 'Q8_0', 'IQ4_NL']

/** What the engine's operators compute of block rows, written plainly. */
function valuesOf(form: BlockForm, { codes, scales, offsets }: BlockRows): number[] {
  const zero = form.bits === 8 ? 128 : 8
  return Array.from({ length: scales.length * form.blockSize }, (_, i) => {
    const block = Math.floor(i / form.blockSize)
    const code = form.bits === 8 ? codes[i] : ((codes[i >> 1] ?? 0) >> (4 * (i & 1))) & 15
    return (scales[block] ?? 0) * ((code ?? 0) - zero) + (offsets[block] ?? 0)
  })
}

describe('blocks of a GGUF file', () => {
  it.each(blocks.filter(({ type }) => EXACT.includes(type)))(
    'of $type keep their values',
    ({ type, stored, float32 }) => {
      const exact = isReadable(type) ? exactForm(type) : undefined
      if (exact === undefined) throw new Error(`${type} has no exact form`)
      const bytes = Buffer.from(float32, 'base64')
      const expected = new Float32Array(new Uint8Array(bytes).buffer)
      const storedBytes = new Uint8Array(Buffer.from(stored, 'base64'))
      const out = emptyBlockRows(exact.form, expected.length, 1)
      exact.transcode(new DataView(storedBytes.buffer), out)
      const found = valuesOf(exact.form, out)
      expect(found).toHaveLength(expected.length)
      for (const [block, scale] of out.scales.entries()) {
        // Offsets are rounded to float32, and a value that cancels against its offset keeps that rounding.
        const rounding = 2e-6 * (Math.abs(scale) * 32 + Math.abs(out.offsets[block] ?? 0))
        for (let i = block * exact.form.blockSize; i < (block + 1) * exact.form.blockSize; i++) {
          expect(Math.abs((found[i] ?? Number.NaN) - (expected[i] ?? Number.NaN))).toBeLessThanOrEqual(rounding)
        }
      }
    },
  )
})

describe('float32 rows', () => {
  const inSize = 40
  const values = Float32Array.from({ length: 3 * inSize }, (_, i) => Math.sin(i * 1.7) * (1 + (i % 7)))

  it.each([
    [8, 1 / 254],
    [4, 1 / 15],
  ] as const)('are rounded to %i bits within half a step, the last block of a row padded', (bits, error) => {
    const form: BlockForm = { kind: 'blocks', bits, blockSize: 32, offsets: false }
    const out = emptyBlockRows(form, inSize, 3)
    quantise(values, inSize, form, out)
    const found = valuesOf(form, out)
    for (let row = 0; row < 3; row++) {
      for (let i = 0; i < inSize; i++) {
        const at = row * inSize + i
        const block = values.subarray(row * inSize + (i < 32 ? 0 : 32), row * inSize + (i < 32 ? 32 : inSize))
        const most = block.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)
        // With 4 bits the far end of the smaller sign is cut at 7 of 8 steps.
        const bound = bits === 4 ? most / 8 : most * error
        expect(Math.abs((found[row * 64 + i] ?? Number.NaN) - (values[at] ?? Number.NaN))).toBeLessThanOrEqual(
          bound * 1.001,
        )
      }
    }
  })

  it('of zeros stay zeros', () => {
    const form: BlockForm = { kind: 'blocks', bits: 4, blockSize: 32, offsets: false }
    const out = emptyBlockRows(form, 32, 1)
    quantise(new Float32Array(32), 32, form, out)
    expect(valuesOf(form, out).every((value) => value === 0)).toBe(true)
  })
})
