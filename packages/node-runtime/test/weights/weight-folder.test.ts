import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, assert, beforeEach, describe, expect, it } from 'vitest'
import { openWeightFolder } from '../../src/weights/weight-folder.ts'
import { type StoredTensor, safetensors, safetensorsFile } from './safetensors-bytes.ts'

const matrix: StoredTensor = { name: 'a', dtype: 'F32', shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, 6) }
const vector: StoredTensor = { name: 'b', dtype: 'BF16', shape: [2], values: Float32Array.of(-1.5, 0.25) }

let dir: string
const path = (name = 'model.safetensors') => join(dir, name)
const index = (weight_map: Record<string, string>) =>
  writeFile(path('model.safetensors.index.json'), JSON.stringify({ weight_map }))

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'dsd-weights-'))
})
afterEach(() => rm(dir, { recursive: true }))

describe('a weight folder', () => {
  it('reads tensors of one file and counts its parameters', async () => {
    await writeFile(path(), safetensors([matrix, vector]))
    await using folder = await openWeightFolder(dir)
    expect([folder.has('a'), folder.has('c')]).toEqual([true, false])
    expect(await folder.read('a', [2, 3])).toEqual(matrix.values)
    expect(await folder.read('b', [2])).toEqual(vector.values)
    expect(await folder.countParameters()).toBe(8)
  })

  it('reads tensors of several files', async () => {
    await writeFile(path('one'), safetensors([matrix]))
    await writeFile(path('two'), safetensors([vector]))
    await index({ a: 'one', b: 'two' })
    await using folder = await openWeightFolder(dir)
    expect(await folder.read('b', [2])).toEqual(vector.values)
    expect(await folder.read('a', [2, 3])).toEqual(matrix.values)
    expect(await folder.countParameters()).toBe(8)
  })

  it('reads rows of a matrix, and says where a tensor is', async () => {
    await writeFile(path(), safetensors([vector, matrix]))
    await using folder = await openWeightFolder(dir)
    expect(await folder.readRows('a', { from: 1, to: 2 })).toEqual(Float32Array.of(4, 5, 6))
    const stored = folder.stored('a')
    assert(stored.format === 'safetensors')
    expect(stored).toMatchObject({ dtype: 'F32', path: path(), byteLength: 24, shape: [2, 3] })
    expect((await readFile(path())).subarray(stored.offset, stored.offset + 4)).toEqual(Buffer.from([0, 0, 128, 63]))
  })

  it.each([
    ['model.layers.0.norm.weight', 'layers.0.norm.weight'],
    ['wte.weight', 'transformer.wte.weight'],
  ])('finds %s where the files call it %s', async (name, inFile) => {
    await writeFile(path(), safetensors([{ ...vector, name: inFile }]))
    await using folder = await openWeightFolder(dir)
    expect([folder.has(name), await folder.read(name, [2])]).toEqual([true, vector.values])
  })
})

const header = (entries: Record<string, unknown>, bytes = 24) =>
  safetensorsFile(JSON.stringify(entries), Buffer.alloc(bytes))

const broken: Record<string, { files: () => Promise<unknown>; line: RegExp }> = {
  'no weights at all': {
    files: async () => undefined,
    line: /^DIR: no model\.safetensors and no model\.safetensors\.index\.json here; name a folder/,
  },
  'an empty file': {
    files: () => writeFile(path(), ''),
    line: /^DIR\/model\.safetensors: 0 bytes are too few for a header; fetch the file again$/,
  },
  'a file of something else': {
    files: () => writeFile(path(), '<!doctype html><html>not found</html>'),
    line: /^DIR\/model\.safetensors: the file does not start with a safetensors header; fetch the file again$/,
  },
  'a header cut off': {
    files: async () => {
      await writeFile(path(), safetensors([matrix]))
      await truncate(path(), 40)
    },
    line: /^DIR\/model\.safetensors: the header needs \d+ bytes and the file has 40; fetch the file again$/,
  },
  'a header that is no JSON': {
    files: () => writeFile(path(), safetensorsFile('{"a":', Buffer.alloc(0))),
    line: /^DIR\/model\.safetensors: the safetensors header is not a JSON object; fetch the file again$/,
  },
  'a malformed entry': {
    files: () => writeFile(path(), header({ a: { dtype: 'F32', shape: [2, -3], data_offsets: [0, 24] } })),
    line: /^DIR\/model\.safetensors: tensor a has a malformed header entry; fetch the file again$/,
  },
  'data cut off': {
    files: async () => {
      await writeFile(path(), safetensors([matrix, vector]))
      await truncate(path(), (await readFile(path())).length - 3)
    },
    line: /^DIR\/model\.safetensors: tensor b ends at byte \d+ and the file has \d+; fetch the file again$/,
  },
  'a tensor that is missing': {
    files: () => writeFile(path(), safetensors([vector])),
    line: /^DIR\/model\.safetensors: tensor a is missing; check that config\.json belongs to these weights$/,
  },
  'a tensor that the index lacks': {
    files: async () => {
      await writeFile(path('one'), safetensors([vector]))
      await index({ b: 'one' })
    },
    line: /^DIR\/model\.safetensors\.index\.json: tensor a is missing; check that config\.json belongs to these weights$/,
  },
  'a file of the index that is missing': {
    files: () => index({ a: 'not-downloaded' }),
    line: /^DIR\/not-downloaded: the weight file cannot be opened; check that it is there and readable$/,
  },
  'an index without a map': {
    files: () => writeFile(path('model.safetensors.index.json'), '{}'),
    line: /^DIR\/model\.safetensors\.index\.json: the index has no valid weight_map$/,
  },
  'another shape': {
    files: () => writeFile(path(), safetensors([{ ...matrix, shape: [3, 2] }])),
    line: /^DIR\/model\.safetensors: tensor a has shape \[3, 2\], not \[2, 3\]; check that config\.json belongs/,
  },
  'a shape that the bytes do not fill': {
    files: () => writeFile(path(), header({ a: { dtype: 'F32', shape: [2, 3], data_offsets: [0, 20] } })),
    line: /^DIR\/model\.safetensors: tensor a of shape \[2, 3\] needs 24 bytes and has 20; fetch the file again$/,
  },
  'a number format not read here': {
    files: () => writeFile(path(), header({ a: { dtype: 'F8_E4M3', shape: [2, 3], data_offsets: [0, 6] } })),
    line: /^DIR\/model\.safetensors: tensor a has dtype F8_E4M3, which is not supported; convert the weights to one of F32, F16, BF16$/,
  },
}

describe('a broken weight folder is refused in one line that names file and tensor', () => {
  it.each(Object.entries(broken))('%s', async (_, { files, line }) => {
    await files()
    const read = async () => {
      await using folder = await openWeightFolder(dir)
      return await folder.read('a', [2, 3])
    }
    const told = await read().then(
      () => 'no error',
      (error: unknown) => (error instanceof Error && 'line' in error ? String(error.line) : String(error)),
    )
    expect(told.replaceAll(dir, 'DIR')).toMatch(line)
  })
})
