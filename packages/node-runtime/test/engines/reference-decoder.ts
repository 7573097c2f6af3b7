import { z } from 'zod'

type Vector = number[]

/** A model as its files say it: the fields of config.json, and tensors as a reader must see them. */
export interface StoredModel {
  readonly config: Readonly<Record<string, unknown>>
  /** Empty when the model has no such tensor. */
  tensor(name: string): Float32Array
}

/**
 * A forward pass of Llama, Mistral, Qwen2, Qwen3 or GPT-2, written once more in float64, one position at a time, straight from the
 * definitions. It shares no code and no structure with the engine.
 *
 * @returns logits of every position
 */
export function referenceLogits(model: StoredModel, ids: readonly number[]): Vector[] {
  return model.config.model_type === 'gpt2' ? gpt2Logits(model, ids) : rotaryLogits(model, ids)
}

function rotaryLogits(model: StoredModel, ids: readonly number[]): Vector[] {
  const size = numberIn(model, 'hidden_size')
  const headCount = numberIn(model, 'num_attention_heads')
  const headDim = numberIn(model, 'head_dim', size / headCount)
  const group = headCount / numberIn(model, 'num_key_value_heads', headCount)
  const epsilon = numberIn(model, 'rms_norm_eps')
  const frequencies = ropeFrequencies(model, headDim)
  const embedding = model.tensor('model.embed_tokens.weight')
  const ownHead = model.tensor('lm_head.weight')
  const past = newPast(numberIn(model, 'num_hidden_layers'))

  return ids.map((id, position) => {
    let x = rowOf(embedding, id, size)
    for (const [layer, cache] of past.entries()) {
      const at = `model.layers.${layer}`
      const weight = (name: string) => model.tensor(`${at}.${name}.weight`)
      const affine = (name: string, from: Vector) => sum(times(weight(name), from), model.tensor(`${at}.${name}.bias`))
      const turned = (flat: Vector, headNorm: Float32Array) =>
        heads(flat, headDim)
          .map((head) => (headNorm.length === 0 ? head : rmsNorm(head, headNorm, epsilon)))
          .flatMap((head) => rotated(head, position, frequencies))
      const h = rmsNorm(x, weight('input_layernorm'), epsilon)
      cache.keys.push(turned(affine('self_attn.k_proj', h), weight('self_attn.k_norm')))
      cache.values.push(affine('self_attn.v_proj', h))
      const queries = turned(affine('self_attn.q_proj', h), weight('self_attn.q_norm'))
      const mixed = attend(queries, cache, { headDim, group, window: windowOf(model, layer) })
      x = sum(x, affine('self_attn.o_proj', mixed))
      const f = rmsNorm(x, weight('post_attention_layernorm'), epsilon)
      const up = affine('mlp.up_proj', f)
      const gated = affine('mlp.gate_proj', f).map((g, i) => (g / (1 + Math.exp(-g))) * (up[i] ?? 0))
      x = sum(x, affine('mlp.down_proj', gated))
    }
    const last = rmsNorm(x, model.tensor('model.norm.weight'), epsilon)
    return times(ownHead.length === 0 ? embedding : ownHead, last)
  })
}

function gpt2Logits(model: StoredModel, ids: readonly number[]): Vector[] {
  const size = numberIn(model, 'n_embd')
  const headDim = size / numberIn(model, 'n_head')
  const epsilon = numberIn(model, 'layer_norm_epsilon')
  const embedding = model.tensor('wte.weight')
  const ownHead = model.tensor('lm_head.weight')
  const past = newPast(numberIn(model, 'n_layer'))
  const norm = (x: Vector, name: string) =>
    layerNorm(x, model.tensor(`${name}.weight`), model.tensor(`${name}.bias`), epsilon)
  const affine = (name: string, x: Vector) =>
    sum(timesColumns(model.tensor(`${name}.weight`), x), model.tensor(`${name}.bias`))

  return ids.map((id, position) => {
    let x = sum(rowOf(embedding, id, size), rowOf(model.tensor('wpe.weight'), position, size))
    for (const [layer, cache] of past.entries()) {
      const packed = affine(`h.${layer}.attn.c_attn`, norm(x, `h.${layer}.ln_1`))
      cache.keys.push(packed.slice(size, 2 * size))
      cache.values.push(packed.slice(2 * size))
      const mixed = attend(packed.slice(0, size), cache, { headDim, group: 1, window: Infinity })
      x = sum(x, affine(`h.${layer}.attn.c_proj`, mixed))
      const inner = affine(`h.${layer}.mlp.c_fc`, norm(x, `h.${layer}.ln_2`))
      x = sum(x, affine(`h.${layer}.mlp.c_proj`, inner.map(gelu)))
    }
    return times(ownHead.length === 0 ? embedding : ownHead, norm(x, 'ln_f'))
  })
}

interface Past {
  readonly keys: Vector[]
  readonly values: Vector[]
}

const newPast = (layers: number): Past[] => Array.from({ length: layers }, () => ({ keys: [], values: [] }))

interface Attention {
  readonly headDim: number
  readonly group: number
  readonly window: number
}

function attend(queries: Vector, past: Past, { headDim, group, window }: Attention): Vector {
  return heads(queries, headDim).flatMap((query, head) => {
    const seen = (all: Vector[]) => all.slice(Math.max(0, all.length - window))
    const own = (all: Vector[]) => seen(all).map((flat) => heads(flat, headDim)[Math.floor(head / group)] ?? [])
    const weights = softmax(own(past.keys).map((key) => dot(query, key) / Math.sqrt(headDim)))
    const values = own(past.values)
    return query.map((_, i) => values.reduce((total, value, t) => total + (weights[t] ?? 0) * (value[i] ?? 0), 0))
  })
}

/** Positions that a row sees, its own among them. */
function windowOf({ config }: StoredModel, layer: number): number {
  const { model_type: family, sliding_window: span, use_sliding_window: isUsed, max_window_layers: full } = config
  const slides = family === 'mistral' || (isUsed === true && layer >= Number(full))
  return slides && typeof span === 'number' ? span : Infinity
}

function numberIn({ config }: StoredModel, field: string, otherwise?: number): number {
  const value = config[field] ?? otherwise
  if (typeof value === 'number') return value
  throw new Error(`${field} is ${value}`)
}

const rowOf = (matrix: Float32Array, row: number, size: number): Vector =>
  Array.from(matrix.subarray(row * size, (row + 1) * size))

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let total = 0
  for (let i = 0; i < a.length; i++) total += (a[i] ?? 0) * (b[i] ?? 0)
  return total
}

const sum = (a: Vector, b: ArrayLike<number>): Vector => a.map((value, i) => value + (b[i] ?? 0))

/** Matrix `[out, in]` times vector `[in]`. */
const times = (matrix: Float32Array, x: Vector): Vector =>
  Array.from({ length: matrix.length / x.length }, (_, row) =>
    dot(matrix.subarray(row * x.length, (row + 1) * x.length), x),
  )

/** Matrix `[in, out]` the other way round. */
const timesColumns = (matrix: Float32Array, x: Vector): Vector => {
  const size = matrix.length / x.length
  return Array.from({ length: size }, (_, column) =>
    x.reduce((total, value, row) => total + value * (matrix[row * size + column] ?? 0), 0),
  )
}

const heads = (flat: Vector, headDim: number): Vector[] =>
  Array.from({ length: flat.length / headDim }, (_, head) => flat.slice(head * headDim, (head + 1) * headDim))

function rmsNorm(x: Vector, weight: Float32Array, epsilon: number): Vector {
  const root = Math.sqrt(dot(x, x) / x.length + epsilon)
  return x.map((value, i) => (value / root) * (weight[i] ?? 0))
}

function layerNorm(x: Vector, weight: Float32Array, bias: Float32Array, epsilon: number): Vector {
  const mean = x.reduce((a, b) => a + b, 0) / x.length
  return sum(
    rmsNorm(
      x.map((value) => value - mean),
      weight,
      epsilon,
    ),
    bias,
  )
}

const gelu = (x: number): number => (x / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))

function softmax(scores: Vector): Vector {
  const largest = Math.max(...scores)
  const weights = scores.map((score) => Math.exp(score - largest))
  const total = weights.reduce((a, b) => a + b, 0)
  return weights.map((weight) => weight / total)
}

/** Radians a position, with the scaling of `rope_scaling`. */
function ropeFrequencies(model: StoredModel, headDim: number): Vector {
  const theta = numberIn(model, 'rope_theta')
  const plain = Array.from({ length: headDim / 2 }, (_, i) => 1 / theta ** ((2 * i) / headDim))
  const { rope_scaling: scaling } = model.config
  if (scaling == null) return plain
  const { rope_type, factor, ...rest } = scalingSchema.parse(scaling)
  if (rope_type === 'linear') return plain.map((frequency) => frequency / factor)
  return plain.map((frequency) => {
    const wavelength = (2 * Math.PI) / frequency
    const { low_freq_factor: low, high_freq_factor: high, original_max_position_embeddings: original } = rest
    if (wavelength < original / high) return frequency
    if (wavelength > original / low) return frequency / factor
    const smooth = (original / wavelength - low) / (high - low)
    return (1 - smooth) * (frequency / factor) + smooth * frequency
  })
}

const scalingSchema = z.object({
  rope_type: z.enum(['linear', 'llama3']),
  factor: z.number(),
  low_freq_factor: z.number().default(1),
  high_freq_factor: z.number().default(4),
  original_max_position_embeddings: z.number().default(8192),
})

function rotated(head: Vector, position: number, frequencies: Vector): Vector {
  const half = head.length / 2
  return head.map((value, i) => {
    const angle = position * (frequencies[i % half] ?? 0)
    const partner = i < half ? -(head[i + half] ?? 0) : (head[i - half] ?? 0)
    return value * Math.cos(angle) + partner * Math.sin(angle)
  })
}
