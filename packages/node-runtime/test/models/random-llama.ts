import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PURPOSE, uniformField } from '@dsd-lab/core'
import { type StoredDtype, type StoredTensor, safetensors } from '../weights/safetensors-bytes.ts'

export interface RandomLlamaOptions {
  /** Overrides fields of config.json. */
  readonly config?: Partial<typeof BASE>
  readonly dtype?: StoredDtype
  /** Number of weight files; more than one get an index. Default 1. */
  readonly files?: number
  readonly seed?: number
}

const BASE = {
  model_type: 'llama',
  hidden_size: 48,
  intermediate_size: 80,
  num_hidden_layers: 3,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  vocab_size: 96,
  max_position_embeddings: 128,
  rms_norm_eps: 1e-5,
  rope_theta: 10_000,
  tie_word_embeddings: true,
  eos_token_id: 1,
  rope_scaling: null as null | Record<string, unknown>,
  head_dim: null as null | number,
  attention_bias: false,
  mlp_bias: false,
  sliding_window: null as null | number,
  use_sliding_window: false,
  max_window_layers: 28,
}

export interface RandomLlama extends AsyncDisposable {
  readonly dir: string
  readonly config: typeof BASE
  /** Values as a reader must see them. */
  tensor(name: string): Float32Array
}

/** A folder with a small Llama, Mistral, Qwen2 or Qwen3 (`model_type`) of random weights, wide enough that attention is not flat and logits spread. */
export async function randomLlama({
  config: overrides,
  dtype = 'F32',
  files = 1,
  seed = 7,
}: RandomLlamaOptions = {}): Promise<RandomLlama> {
  const dir = await mkdtemp(join(tmpdir(), 'dsd-llama-'))
  const config = { ...BASE, ...overrides }
  const tensors = shapes(config).map(([name, shape], ordinal) => randomTensor({ name, shape, dtype, ordinal, seed }))
  await writeFile(join(dir, 'config.json'), JSON.stringify(config))
  if (files === 1) await writeFile(join(dir, 'model.safetensors'), safetensors(tensors))
  else await writeShards(dir, tensors, files)
  const values = new Map(tensors.map((tensor) => [tensor.name, tensor.values]))
  return {
    dir,
    config,
    tensor: (name) => values.get(name) ?? new Float32Array(0),
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true }),
  }
}

async function writeShards(dir: string, tensors: readonly StoredTensor[], files: number): Promise<void> {
  const each = Math.ceil(tensors.length / files)
  const name = (index: number): string => `model-0000${index + 1}-of-0000${files}.safetensors`
  const weight_map = Object.fromEntries(tensors.map((tensor, i) => [tensor.name, name(Math.floor(i / each))]))
  await writeFile(join(dir, 'model.safetensors.index.json'), JSON.stringify({ metadata: {}, weight_map }))
  for (let index = 0; index < files; index++) {
    await writeFile(join(dir, name(index)), safetensors(tensors.slice(index * each, (index + 1) * each)))
  }
}

type Shape = readonly [name: string, shape: readonly number[]]

function shapes(config: typeof BASE): readonly Shape[] {
  const { hidden_size: hidden, vocab_size: vocab } = config
  return [
    ['model.embed_tokens.weight', [vocab, hidden]],
    ...Array.from({ length: config.num_hidden_layers }, (_, index) =>
      layerShapes(config, `model.layers.${index}`),
    ).flat(),
    ['model.norm.weight', [hidden]],
    ...(config.tie_word_embeddings ? [] : [['lm_head.weight', [vocab, hidden]] as const]),
  ]
}

function layerShapes(config: typeof BASE, at: string): readonly Shape[] {
  const { model_type: family, hidden_size: hidden, intermediate_size: ffn, attention_bias, mlp_bias } = config
  const headDim = config.head_dim ?? hidden / config.num_attention_heads
  const queries = headDim * config.num_attention_heads
  const keys = headDim * config.num_key_value_heads
  const matrix = (name: string, [rows, columns]: readonly [number, number], hasBias: boolean): readonly Shape[] => [
    [`${at}.${name}.weight`, [rows, columns]],
    ...(hasBias ? [[`${at}.${name}.bias`, [rows]] as const] : []),
  ]
  const headNorm = (name: string): readonly Shape[] =>
    family === 'qwen3' ? [[`${at}.self_attn.${name}.weight`, [headDim]]] : []
  return [
    [`${at}.input_layernorm.weight`, [hidden]],
    ...matrix('self_attn.q_proj', [queries, hidden], attention_bias || family === 'qwen2'),
    ...matrix('self_attn.k_proj', [keys, hidden], attention_bias || family === 'qwen2'),
    ...matrix('self_attn.v_proj', [keys, hidden], attention_bias || family === 'qwen2'),
    ...matrix('self_attn.o_proj', [hidden, queries], attention_bias),
    ...headNorm('q_norm'),
    ...headNorm('k_norm'),
    [`${at}.post_attention_layernorm.weight`, [hidden]],
    ...matrix('mlp.gate_proj', [ffn, hidden], mlp_bias),
    ...matrix('mlp.up_proj', [ffn, hidden], mlp_bias),
    ...matrix('mlp.down_proj', [hidden, ffn], mlp_bias),
  ]
}

interface TensorRequest {
  readonly name: string
  readonly shape: readonly number[]
  readonly dtype: StoredDtype
  readonly ordinal: number
  readonly seed: number
}

function randomTensor({ name, shape, dtype, ordinal, seed }: TensorRequest): StoredTensor {
  const [rows = 1, columns] = shape
  const noise = uniformField({ seed, purpose: PURPOSE.WORKLOAD, sequence: 0, position: ordinal })
  const values = Float32Array.from({ length: rows * (columns ?? 1) }, (_, i) => {
    const centred = 2 * noise.at(i) - 1
    const value = columns === undefined ? 1 + 0.3 * centred : (2.5 * centred) / Math.sqrt(columns)
    return roundTo(dtype, value)
  })
  return { name, dtype, shape, values }
}

/** To a value that the format holds exactly, so that reading it back loses nothing. */
function roundTo(dtype: StoredDtype, value: number): number {
  if (dtype === 'F32') return Math.fround(value)
  const step = 2 ** (Math.floor(Math.log2(Math.abs(value))) - (dtype === 'BF16' ? 7 : 10))
  const subnormal = dtype === 'F16' ? 2 ** -24 : 0
  return Math.round(value / Math.max(step, subnormal)) * Math.max(step, subnormal)
}
