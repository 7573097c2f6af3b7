import { f32, text, u32, type Written, type WrittenFile, type WrittenTensor } from './gguf-bytes.ts'

/** A Llama of one layer, all zeros, that opens without complaint: tests spoil one thing of it at a time. */
export function tinyDecoder(
  changes: {
    readonly metadata?: Readonly<Record<string, Written | undefined>>
    readonly tensors?: (tensors: WrittenTensor[]) => readonly WrittenTensor[]
  } = {},
): WrittenFile {
  const metadata = {
    'general.architecture': text('llama'),
    'llama.block_count': u32(1),
    'llama.context_length': u32(64),
    'llama.embedding_length': u32(16),
    'llama.feed_forward_length': u32(32),
    'llama.attention.head_count': u32(4),
    'llama.attention.head_count_kv': u32(2),
    'llama.attention.layer_norm_rms_epsilon': f32(1e-5),
    ...changes.metadata,
  }
  const shapes: readonly (readonly [name: string, shape: readonly number[]])[] = [
    ['token_embd.weight', [8, 16]],
    ['blk.0.attn_norm.weight', [16]],
    ['blk.0.attn_q.weight', [16, 16]],
    ['blk.0.attn_k.weight', [8, 16]],
    ['blk.0.attn_v.weight', [8, 16]],
    ['blk.0.attn_output.weight', [16, 16]],
    ['blk.0.ffn_norm.weight', [16]],
    ['blk.0.ffn_gate.weight', [32, 16]],
    ['blk.0.ffn_up.weight', [32, 16]],
    ['blk.0.ffn_down.weight', [16, 32]],
    ['output_norm.weight', [16]],
  ]
  const tensors = shapes.map(([name, shape]) => ({ name, shape }))
  return {
    metadata: Object.fromEntries(
      Object.entries(metadata).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
    ),
    tensors: changes.tensors?.(tensors) ?? tensors,
  }
}
