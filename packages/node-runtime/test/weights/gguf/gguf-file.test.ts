import { describe, expect, it } from 'vitest'
import { GgufFile } from '../../../src/weights/gguf/gguf-file.ts'
import { ggufBytes, ints, scratchFolder, text, texts, u32, type Written } from './gguf-bytes.ts'

describe('a GGUF header', () => {
  it.each([2, 3])('of version %i gives every type of value', async (version) => {
    await using folder = await scratchFolder()
    const scalars = {
      a: { type: 'uint8', value: 255 },
      b: { type: 'int8', value: -128 },
      c: { type: 'uint16', value: 65_535 },
      d: { type: 'int16', value: -32_768 },
      e: { type: 'uint32', value: 4_294_967_295 },
      f: { type: 'int32', value: -2_147_483_648 },
      g: { type: 'float32', value: 0.5 },
      h: { type: 'bool', value: true },
      i: { type: 'string', value: 'Zürich 🦙' },
      j: { type: 'uint64', value: 2n ** 64n - 1n },
      k: { type: 'int64', value: -(2n ** 63n) },
      l: { type: 'float64', value: Math.PI },
    } as const satisfies Record<string, Written>
    await using file = await GgufFile.open(folder.file('values.gguf', ggufBytes({ version, metadata: scalars })))
    expect(file.version).toBe(version)
    expect(Object.fromEntries(file.metadata.keys.map((key) => [key, file.metadata.get(key)]))).toEqual(scalars)
  })

  it('gives arrays, nested ones too, and what stands behind them', async () => {
    await using folder = await scratchFolder()
    const metadata = {
      words: texts('', 'a b', '語', '\ufeffmarked'),
      numbers: ints(3, -1, 2),
      nested: { type: 'array', itemType: 'array', items: [ints(1, 2), texts('x'), ints()] },
      after: u32(7),
    } as const satisfies Record<string, Written>
    await using file = await GgufFile.open(folder.file('arrays.gguf', ggufBytes({ metadata })))
    expect(file.metadata.texts('words')).toEqual(['', 'a b', '語', '\ufeffmarked'])
    expect(file.metadata.numbers('numbers')).toEqual([3, -1, 2])
    expect(file.metadata.array('nested')).toEqual([[1, 2], ['x'], []])
    expect(file.metadata.size('after')).toBe(7)
    expect(file.metadata.texts('absent')).toBeUndefined()
  })

  it('is read past the window that is held in memory', async () => {
    await using folder = await scratchFolder()
    const words = Array.from({ length: 12_000 }, (_, index) => `a word of about thirty letters ${index}`)
    const long = 'x'.repeat(600_000)
    const metadata = { words: texts(...words), long: text(long), last: u32(1) }
    await using file = await GgufFile.open(folder.file('long.gguf', ggufBytes({ metadata })))
    expect(file.metadata.texts('words')).toEqual(words)
    expect(file.metadata.text('long')).toBe(long)
    expect(file.metadata.size('last')).toBe(1)
  })

  it('gives a float32 as the decimal that was meant', async () => {
    await using folder = await scratchFolder()
    const decimals = [1e-5, 1e-6, 10_000, 500_000, 0.1, 1 / 3]
    const metadata = Object.fromEntries(
      decimals.map((value, index) => [String(index), { type: 'float32', value } as const]),
    )
    await using file = await GgufFile.open(folder.file('decimals.gguf', ggufBytes({ metadata })))
    expect(decimals.map((_, index) => file.metadata.real(String(index)))).toEqual([
      1e-5, 1e-6, 10_000, 500_000, 0.1, 0.33333334,
    ])
  })

  it.each([32, 8, 256])('places tensors at multiples of an alignment of %i', async (alignment) => {
    await using folder = await scratchFolder()
    const bytes = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value)
    const path = folder.file(
      'tensors.gguf',
      ggufBytes({
        metadata: { 'general.alignment': u32(alignment) },
        tensors: [
          { name: 'first', shape: [3], bytes: bytes(12, 1) },
          { name: 'second', shape: [2, 32], type: 'Q4_0', bytes: bytes(36, 2) },
        ],
      }),
    )
    await using file = await GgufFile.open(path)
    const second = file.tensor('second')
    expect(second).toMatchObject({ type: 'Q4_0', shape: [2, 32], rowBytes: 18, byteLength: 36 })
    expect(second.start % alignment).toBe(0)
    const row = new Uint8Array(18)
    await file.readInto(second, row, 18)
    expect(row).toEqual(bytes(18, 2))
    await expect(file.readInto(second, row, 19)).rejects.toThrow(RangeError)
  })
})
