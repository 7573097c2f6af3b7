import type { RandomLlama } from '../models/random-llama.ts'

type Vector = number[]

/**
 * A Llama forward pass written once more in float64, one position at a time, straight from the definitions. It shares no
 * code and no structure with the engine.
 *
 * @returns logits of every position
 */
export function referenceLogits(model: RandomLlama, ids: readonly number[]): Vector[] {
  const { config } = model
  const size = config.hidden_size
  const headDim = size / config.num_attention_heads
  const group = config.num_attention_heads / config.num_key_value_heads
  const embedding = model.tensor('model.embed_tokens.weight')
  const headWeights = config.tie_word_embeddings ? embedding : model.tensor('lm_head.weight')
  const keys: Vector[][] = Array.from({ length: config.num_hidden_layers }, () => [])
  const values: Vector[][] = Array.from({ length: config.num_hidden_layers }, () => [])

  return ids.map((id, position) => {
    let x = Array.from(embedding.subarray(id * size, (id + 1) * size))
    for (let layer = 0; layer < config.num_hidden_layers; layer++) {
      const weight = (name: string) => model.tensor(`model.layers.${layer}.${name}.weight`)
      const h = norm(x, weight('input_layernorm'), config.rms_norm_eps)
      const turn = (flat: Vector) => heads(flat, headDim).flatMap((head) => rotated(head, position, config))
      const query = heads(turn(times(weight('self_attn.q_proj'), h)), headDim)
      keys[layer]?.push(turn(times(weight('self_attn.k_proj'), h)))
      values[layer]?.push(times(weight('self_attn.v_proj'), h))
      const mixed = query.flatMap((q, head) => {
        const kv = Math.floor(head / group)
        const own = (past: Vector[] | undefined) => (past ?? []).map((all) => heads(all, headDim)[kv] ?? [])
        const weights = softmax(own(keys[layer]).map((k) => dot(q, k) / Math.sqrt(headDim)))
        const past = own(values[layer])
        return q.map((_, i) => past.reduce((total, v, t) => total + (weights[t] ?? 0) * (v[i] ?? 0), 0))
      })
      x = sum(x, times(weight('self_attn.o_proj'), mixed))
      const f = norm(x, weight('post_attention_layernorm'), config.rms_norm_eps)
      const up = times(weight('mlp.up_proj'), f)
      const gated = times(weight('mlp.gate_proj'), f).map((g, i) => (g / (1 + Math.exp(-g))) * (up[i] ?? 0))
      x = sum(x, times(weight('mlp.down_proj'), gated))
    }
    return times(headWeights, norm(x, model.tensor('model.norm.weight'), config.rms_norm_eps))
  })
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let total = 0
  for (let i = 0; i < a.length; i++) total += (a[i] ?? 0) * (b[i] ?? 0)
  return total
}

const sum = (a: Vector, b: Vector): Vector => a.map((value, i) => value + (b[i] ?? 0))

/** Matrix `[out, in]` times vector `[in]`. */
const times = (matrix: Float32Array, x: Vector): Vector =>
  Array.from({ length: matrix.length / x.length }, (_, row) =>
    dot(matrix.subarray(row * x.length, (row + 1) * x.length), x),
  )

const heads = (flat: Vector, headDim: number): Vector[] =>
  Array.from({ length: flat.length / headDim }, (_, head) => flat.slice(head * headDim, (head + 1) * headDim))

function norm(x: Vector, weight: Float32Array, epsilon: number): Vector {
  const root = Math.sqrt(dot(x, x) / x.length + epsilon)
  return x.map((value, i) => (value / root) * (weight[i] ?? 0))
}

function softmax(scores: Vector): Vector {
  const largest = Math.max(...scores)
  const weights = scores.map((score) => Math.exp(score - largest))
  const total = weights.reduce((a, b) => a + b, 0)
  return weights.map((weight) => weight / total)
}

function rotated(head: Vector, position: number, { rope_theta }: { readonly rope_theta: number }): Vector {
  const half = head.length / 2
  return head.map((value, i) => {
    const angle = position * rope_theta ** (-(i % half) / half)
    const partner = i < half ? -(head[i + half] ?? 0) : (head[i - half] ?? 0)
    return value * Math.cos(angle) + partner * Math.sin(angle)
  })
}
