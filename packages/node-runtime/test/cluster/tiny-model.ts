import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PURPOSE, uniformField } from '@dsd-lab/core'

const hidden = 64
const headDim = 32
const heads = 2
const ffn = 128
const layers = 4
const vocab = 258

export interface TinyModel extends AsyncDisposable {
  readonly dir: string
  readonly layers: number
}

/** A Llama of 4 layers with random weights and a tokenizer of single bytes: loads in milliseconds, decodes nonsense. */
export async function tinyModel(): Promise<TinyModel> {
  const dir = await mkdtemp(join(tmpdir(), 'dsd-tiny-'))
  await Promise.all([
    writeFile(join(dir, 'config.json'), JSON.stringify(config)),
    writeFile(join(dir, 'tokenizer.json'), JSON.stringify(byteTokenizer())),
    writeFile(join(dir, 'model.safetensors'), safetensors()),
  ])
  return { dir, layers, [Symbol.asyncDispose]: () => rm(dir, { recursive: true }) }
}

const config = {
  architectures: ['LlamaForCausalLM'],
  model_type: 'llama',
  hidden_size: hidden,
  intermediate_size: ffn,
  num_hidden_layers: layers,
  num_attention_heads: heads,
  num_key_value_heads: 1,
  head_dim: headDim,
  vocab_size: vocab,
  max_position_embeddings: 512,
  rms_norm_eps: 1e-5,
  rope_theta: 10_000,
  hidden_act: 'silu',
  tie_word_embeddings: true,
  bos_token_id: 0,
  eos_token_id: 1,
}

function tensorShapes(): [string, number[]][] {
  const block = (layer: number): [string, number[]][] => {
    const name = `model.layers.${layer}`
    return [
      [`${name}.input_layernorm.weight`, [hidden]],
      [`${name}.self_attn.q_proj.weight`, [heads * headDim, hidden]],
      [`${name}.self_attn.k_proj.weight`, [headDim, hidden]],
      [`${name}.self_attn.v_proj.weight`, [headDim, hidden]],
      [`${name}.self_attn.o_proj.weight`, [hidden, heads * headDim]],
      [`${name}.post_attention_layernorm.weight`, [hidden]],
      [`${name}.mlp.gate_proj.weight`, [ffn, hidden]],
      [`${name}.mlp.up_proj.weight`, [ffn, hidden]],
      [`${name}.mlp.down_proj.weight`, [hidden, ffn]],
    ]
  }
  const blocks = Array.from({ length: layers }, (_, layer) => block(layer)).flat()
  return [['model.embed_tokens.weight', [vocab, hidden]], ...blocks, ['model.norm.weight', [hidden]]]
}

function safetensors(): Buffer {
  const header: Record<string, unknown> = {}
  const parts: Buffer[] = []
  let offset = 0
  for (const [ordinal, [name, shape]] of tensorShapes().entries()) {
    const [rows = 1, columns] = shape
    const noise = uniformField({ seed: 11, purpose: PURPOSE.WORKLOAD, sequence: 0, position: ordinal })
    const weight = (index: number) =>
      columns === undefined ? 1 + 0.2 * (noise.at(index) - 0.5) : ((noise.at(index) - 0.5) * 3.4) / Math.sqrt(columns)
    const data = Float32Array.from({ length: rows * (columns ?? 1) }, (_, index) => weight(index))
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + data.byteLength] }
    offset += data.byteLength
    parts.push(Buffer.from(data.buffer))
  }
  const json = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(json.byteLength))
  return Buffer.concat([length, json, ...parts])
}

/** Ids 0 and 1 begin and end a text, the others are the 256 bytes in the byte-level spelling of GPT-2. */
function byteTokenizer(): unknown {
  const printable = (byte: number) => (byte > 32 && byte < 127) || (byte > 160 && byte !== 173)
  let unprintable = 0
  const spellings = Array.from({ length: 256 }, (_, byte) =>
    String.fromCharCode(printable(byte) ? byte : 256 + unprintable++),
  )
  const added = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true }
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true }
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [
      { id: 0, content: '<s>', ...added },
      { id: 1, content: '</s>', ...added },
    ],
    normalizer: null,
    pre_tokenizer: byteLevel,
    post_processor: null,
    decoder: byteLevel,
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      vocab: Object.fromEntries([['<s>', 0], ['</s>', 1], ...spellings.map((spelling, byte) => [spelling, byte + 2])]),
      merges: [],
    },
  }
}
