import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ACTIVATION_FORMATS, type ActivationFormat } from '../../../src/index.ts'
import { decodeFrame } from '../../../src/protocol/frames/decode.ts'
import { encodeFrame, frameBytes } from '../../../src/protocol/frames/encode.ts'
import type { WindowFrame } from '../../../src/protocol/frames/frame.ts'
import { fromHalfBits, halfBits } from '../../../src/protocol/frames/half.ts'

const ROWS = 2
const WIDTH = 64
const limits = { maxRows: 4, maxLength: 64, vocabSize: 100, hiddenSize: WIDTH }
const state = fc.float({ min: -1e4, max: 1e4, noNaN: true, noDefaultInfinity: true })
const states = fc
  .array(state, { minLength: ROWS * WIDTH, maxLength: ROWS * WIDTH })
  .map((values) => Float32Array.from(values))

const windowWith = (hidden: Float32Array, activations: ActivationFormat): WindowFrame => ({
  type: 'window',
  gen: 1,
  session: 2,
  term: 3,
  epoch: 4,
  seq: 5,
  start: 6,
  newEpoch: false,
  forced: 0,
  settled: 5,
  pre: 7n,
  post: 8n,
  ids: [9, 10],
  hidden,
  ...(activations === 'f32' ? {} : { activations }),
  trailer: [],
})

function received(hidden: Float32Array, format: ActivationFormat): Float32Array {
  const decoded = decodeFrame(encodeFrame(windowWith(hidden, format)), limits)
  if (!decoded.ok || decoded.frame.type !== 'window' || decoded.frame.hidden === undefined) throw new Error('no window')
  return decoded.frame.hidden
}

describe('hidden states on the wire', () => {
  it('f32 brings every bit', () => {
    fc.assert(
      fc.property(states, (sent) => {
        expect(received(sent, 'f32')).toEqual(sent)
      }),
      { seed: 1 },
    )
  })

  it('f16 is off by at most half a unit in the last of 11 places, and sends that on unchanged', () => {
    fc.assert(
      fc.property(states, (sent) => {
        const got = received(sent, 'f16')
        const far = got.filter((value, i) => {
          const meant = sent[i] ?? 0
          return Math.abs(value - meant) > Math.max(Math.abs(meant) * 2 ** -11, 2 ** -25)
        })
        expect(far).toHaveLength(0)
        expect(received(got, 'f16')).toEqual(got)
      }),
      { seed: 1 },
    )
  })

  it('int8 is off by at most half a step of its row', () => {
    fc.assert(
      fc.property(states, (sent) => {
        const got = received(sent, 'int8')
        for (let at = 0; at < sent.length; at += WIDTH) {
          const step = sent.subarray(at, at + WIDTH).reduce((most, x) => Math.max(most, Math.abs(x)), 0) / 127
          const far = got.subarray(at, at + WIDTH).filter((value, i) => {
            return Math.abs(value - (sent[at + i] ?? 0)) > 0.5 * step * (1 + 1e-5)
          })
          expect(far).toHaveLength(0)
        }
      }),
      { seed: 1 },
    )
  })

  it('saves what it says: 4, 2 and about 1 byte a value', () => {
    const sizes = ACTIVATION_FORMATS.map((format) => frameBytes(windowWith(new Float32Array(ROWS * WIDTH), format)))
    const bare = (sizes[0] ?? 0) - 4 * ROWS * WIDTH
    expect(sizes.map((size) => size - bare)).toEqual([4 * ROWS * WIDTH, 2 * ROWS * WIDTH, ROWS * (4 + WIDTH)])
  })
})

describe('binary16', () => {
  const all = Array.from({ length: 0x10000 }, (_, bits) => bits)

  it('every one of its numbers is read and written as itself', () => {
    const numbers = all.filter((bits) => !Number.isNaN(fromHalfBits(bits)))
    expect(numbers).toHaveLength(0x10000 - 2 * 1023)
    expect(numbers.filter((bits) => halfBits(fromHalfBits(bits)) !== bits)).toEqual([])
    expect(halfBits(Number.NaN)).toBe(0x7e00)
  })

  it('rounds to the nearest, ties to even', () => {
    const wrong = all.slice(0, 0x7bff).filter((bits) => {
      const low = fromHalfBits(bits)
      const gap = fromHalfBits(bits + 1) - low
      const even = bits % 2 === 0 ? bits : bits + 1
      const rounded = [low + gap / 2, low + gap * 0.49, -(low + gap * 0.51)].map(halfBits)
      return rounded.join() !== [even, bits, (bits + 1) | 0x8000].join()
    })
    expect(wrong).toEqual([])
    expect([65519.99, 65520, -1e9].map(halfBits)).toEqual([0x7bff, 0x7c00, 0xfc00])
  })
})
