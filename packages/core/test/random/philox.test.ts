import { describe, expect, it } from 'vitest'
import { philox4x32 } from '../../src/random/philox.ts'

const hex = (words: Uint32Array): string => [...words].map((word) => word.toString(16).padStart(8, '0')).join(' ')

describe('philox4x32', () => {
  // The known-answer vectors published with Random123 (kat_vectors, philox4x32 10).
  it.each([
    {
      counter: [0, 0, 0, 0],
      key: [0, 0],
      words: '6627e8d5 e169c58d bc57ac4c 9b00dbd8',
    },
    {
      counter: [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      key: [0xffffffff, 0xffffffff],
      words: '408f276d 41c83b0e a20bc7c6 6d5451fd',
    },
    {
      counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      key: [0xa4093822, 0x299f31d0],
      words: 'd16cfe09 94fdcceb 5001e420 24126ea1',
    },
  ] as const)('gives the published words for key $key', ({ counter, key, words }) => {
    expect(hex(philox4x32({ counter, key }))).toBe(words)
  })

  it('writes into a buffer of the caller', () => {
    const out = new Uint32Array(4)
    expect(philox4x32({ counter: [1, 2, 3, 4], key: [5, 6] }, out)).toBe(out)
    expect(hex(out)).toBe(hex(philox4x32({ counter: [1, 2, 3, 4], key: [5, 6] })))
  })
})
