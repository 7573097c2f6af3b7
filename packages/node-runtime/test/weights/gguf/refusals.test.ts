import { describe, expect, it } from 'vitest'
import { GgufFile } from '../../../src/weights/gguf/gguf-file.ts'
import { GgufModel } from '../../../src/weights/gguf/gguf-model.ts'
import { f32, ggufBytes, scratchFolder, text, texts, u32, type Written, type WrittenTensor } from './gguf-bytes.ts'
import { tinyDecoder } from './tiny-decoder.ts'

/** Opens the bytes as a model and gives the line that a user would see. */
async function refusalOf(bytes: Uint8Array): Promise<string> {
  await using folder = await scratchFolder()
  const path = folder.file('model.gguf', bytes)
  const error: unknown = await GgufModel.open(path).then(
    (model) => model[Symbol.asyncDispose](),
    (caught: unknown) => caught,
  )
  expect(error).toMatchObject({ name: 'DsdError', kind: 'bad-input', where: path })
  const line = error instanceof Error && 'line' in error ? String(error.line) : ''
  expect(line).not.toContain('\n')
  return line.replace(path, 'model.gguf')
}

const sound = ggufBytes(tinyDecoder())

/** The sound file with `bytes` put over it from `at` on. */
function spoilt(at: number, ...bytes: number[]): Buffer {
  const copy = Buffer.from(sound)
  copy.set(bytes, at)
  return copy
}

const afterName = (name: string): number => sound.indexOf(name) + name.length
const huge = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]

describe('a damaged file is refused in one line', () => {
  it.each<[expected: string | RegExp, bytes: Uint8Array]>([
    ['model.gguf: the file ends at byte 0, inside the first bytes; fetch the file again', Buffer.alloc(0)],
    ['model.gguf: this is no GGUF file: it begins with "GGML"', Buffer.from('GGML....')],
    ['model.gguf: GGUF version 1 is not supported (only 2 and 3)', spoilt(4, 1)],
    ['model.gguf: this GGUF file is big endian; convert it to little endian', spoilt(4, 0, 0, 0, 3)],
    [/the header claims \d{19} tensors in a file of \d+ bytes; fetch the file again$/, spoilt(8, ...huge)],
    [/the header claims \d{19} metadata entries in a file/, spoilt(16, ...huge)],
    [/metadata key 1 of 8 claims a length of \d{19} at byte 24/, spoilt(24, ...huge)],
    [
      /metadata value general.architecture has the unknown value type 77/,
      spoilt(afterName('general.architecture'), 77),
    ],
    [
      /metadata value general.architecture is not UTF-8 text/,
      spoilt(afterName('general.architecture') + 12, 0xff, 0xfe),
    ],
    [/the file ends at byte 300, inside metadata/, sound.subarray(0, 300)],
    [/tensor output_norm.weight ends at byte \d+ and the file has \d+/, sound.subarray(0, -64)],
    [/tensor token_embd.weight has 9 dimensions, not 1 to 4/, spoilt(afterName('token_embd.weight'), 9)],
    [
      /tensor token_embd.weight has shape \[8, \d+\], too large or empty/,
      spoilt(afterName('token_embd.weight') + 4, ...huge),
    ],
    [/tensor token_embd.weight has shape \[8, 0\], too large or empty/, spoilt(afterName('token_embd.weight') + 4, 0)],
    [/tensor token_embd.weight has the unknown number format 200/, spoilt(afterName('token_embd.weight') + 20, 200)],
    [
      /tensor token_embd.weight has rows of 16 values, no multiple of Q4_K's 256/,
      spoilt(afterName('token_embd.weight') + 20, 12),
    ],
    [
      /tensor token_embd.weight has offset 1, no multiple of the alignment 32/,
      spoilt(afterName('token_embd.weight') + 24, 1),
    ],
    [
      /tensor token_embd.weight ends at byte \d+ and the file has/,
      spoilt(afterName('token_embd.weight') + 24, 0, 0, 0, 0, 1),
    ],
    [
      /tensor blk.0.attn_norm.weight begins inside tensor token_embd.weight/,
      spoilt(afterName('token_embd.weight') + 24 + 8 + 8 + 'blk.0.attn_norm.weight'.length + 4 + 8 + 4, 32, 0),
    ],
    [
      /general.alignment is 24, no power of two/,
      ggufBytes(tinyDecoder({ metadata: { 'general.alignment': u32(24) } })),
    ],
    [/is a bool of value 5/, ggufBytes(tinyDecoder({ metadata: { odd: { type: 'bool', value: 5 } } }))],
    [/nests arrays 5 deep/, ggufBytes(tinyDecoder({ metadata: { deep: nested(5) } }))],
  ])('%s', async (expected, bytes) => {
    const line = await refusalOf(bytes)
    if (typeof expected === 'string') expect(line).toBe(expected)
    else expect(line).toMatch(expected)
  })

  it('and not a file at all: a folder, or nothing', async () => {
    await expect(GgufFile.open('/')).rejects.toMatchObject({ kind: 'bad-input', message: 'this is no file' })
    await expect(GgufFile.open('/nowhere.gguf')).rejects.toMatchObject({ message: 'the GGUF file cannot be opened' })
  })
})

describe('what is not supported is refused by name', () => {
  it.each<[expected: RegExp, metadata: Record<string, Written | undefined>]>([
    [
      /architecture gemma3 is not supported \(only llama, qwen2, qwen3, gpt2\)/,
      { 'general.architecture': text('gemma3') },
    ],
    [/general.architecture is missing/, { 'general.architecture': undefined }],
    [/llama with expert_count = 8 is not supported/, { 'llama.expert_count': u32(8) }],
    [/llama with rope.scaling.attn_factor = 1.5 is not supported/, { 'llama.rope.scaling.attn_factor': f32(1.5) }],
    [/rope scaling yarn is not supported/, { 'llama.rope.scaling.type': text('yarn') }],
    [/rope turns 2 of 4 dimensions/, { 'llama.rope.dimension_count': u32(2) }],
    [/one of 3 parts of a split model; merge them/, { 'split.count': { type: 'uint16', value: 3 } }],
    [/the file holds adapter, not a model/, { 'general.type': text('adapter') }],
    [/sliding window of 32 positions is not supported/, { 'llama.attention.sliding_window': u32(32) }],
    [/heads of 4 for keys and 8 for values/, { 'llama.attention.value_length': u32(8) }],
    [/attention that is not causal is not supported/, { 'llama.attention.causal': { type: 'bool', value: false } }],
  ])('%s', async (expected, metadata) => {
    expect(await refusalOf(ggufBytes(tinyDecoder({ metadata })))).toMatch(expected)
  })
})

describe('metadata that cannot be are refused by key', () => {
  it.each<[expected: RegExp, metadata: Record<string, Written | undefined>]>([
    [/metadata key llama.block_count is missing/, { 'llama.block_count': undefined }],
    [/llama.block_count is 4000000000 and the file has 11 tensors/, { 'llama.block_count': u32(4_000_000_000) }],
    [/llama.attention.head_count is 0/, { 'llama.attention.head_count': u32(0) }],
    [/4 query heads cannot share 3 key\/value heads/, { 'llama.attention.head_count_kv': u32(3) }],
    [
      /llama.attention.head_count is an array of string, not a whole number/,
      { 'llama.attention.head_count': texts('4') },
    ],
    [/llama.context_length is float32 64, not a whole number/, { 'llama.context_length': f32(64) }],
    [
      /llama.embedding_length is int32 -16, not a whole number/,
      { 'llama.embedding_length': { type: 'int32', value: -16 } },
    ],
    [
      /layer_norm_rms_epsilon is float32 NaN, not a finite number/,
      { 'llama.attention.layer_norm_rms_epsilon': f32(Number.NaN) },
    ],
    [/the tokenizer has a token 8 and the embedding 8 rows/, { 'tokenizer.ggml.eos_token_id': u32(8) }],
  ])('%s', async (expected, metadata) => {
    expect(await refusalOf(ggufBytes(tinyDecoder({ metadata })))).toMatch(expected)
  })
})

describe('tensors that do not make the model are refused by name', () => {
  const without = (name: string) => (tensors: WrittenTensor[]) => tensors.filter((tensor) => tensor.name !== name)
  const reshaped = (name: string, change: Partial<WrittenTensor>) => (tensors: WrittenTensor[]) =>
    tensors.map((tensor) => (tensor.name === name ? { ...tensor, ...change } : tensor))
  const extra = (name: string) => (tensors: WrittenTensor[]) => [...tensors, { name, shape: [32] }]
  it.each<[expected: RegExp, tensors: (tensors: WrittenTensor[]) => readonly WrittenTensor[]]>([
    [
      /tensor blk.0.ffn_norm.weight is missing/,
      (tensors) => extra('blk.0.ffn_up.bias')(without('blk.0.ffn_norm.weight')(tensors)),
    ],
    [
      /tensor blk.0.attn_k.weight has shape \[16, 8\], not \[8, 16\]/,
      reshaped('blk.0.attn_k.weight', { shape: [16, 8] }),
    ],
    [
      /tensor blk.0.ffn_down.weight is stored as MXFP4, which is not supported; use a file/,
      reshaped('blk.0.ffn_down.weight', { type: 'MXFP4' }),
    ],
    [/tensor blk.0.ffn_gate_inp.weight belongs to no part of this architecture/, extra('blk.0.ffn_gate_inp.weight')],
    [/tensor blk.0.ffn_gate.bias is missing/, extra('blk.0.ffn_up.bias')],
    [/tensor output_norm.weight occurs twice/, extra('output_norm.weight')],
    [/tensor "two\\nlines" belongs to no part/, extra('two\nlines')],
  ])('%s', async (expected, tensors) => {
    expect(await refusalOf(ggufBytes(tinyDecoder({ tensors })))).toMatch(expected)
  })
})

function nested(depth: number): Written {
  return depth === 1
    ? { type: 'array', itemType: 'uint8', items: [] }
    : { type: 'array', itemType: 'array', items: [nested(depth - 1)] }
}
