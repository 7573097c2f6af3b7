import { describe, expect, it } from 'vitest'
import { parseModelConfig } from '../../src/models/read-config.ts'

const smol = {
  architectures: ['LlamaForCausalLM'],
  model_type: 'llama',
  hidden_act: 'silu',
  hidden_size: 576,
  intermediate_size: 1536,
  num_hidden_layers: 30,
  num_attention_heads: 9,
  num_key_value_heads: 3,
  vocab_size: 49152,
  max_position_embeddings: 8192,
  rms_norm_eps: 1e-5,
  rope_theta: 100000,
  rope_scaling: null,
  tie_word_embeddings: true,
  bos_token_id: 1,
  eos_token_id: 2,
}
const llama3Scaling = {
  rope_type: 'llama3',
  factor: 32,
  low_freq_factor: 1,
  high_freq_factor: 4,
  original_max_position_embeddings: 8192,
}
const parse = (changes: Record<string, unknown>) =>
  parseModelConfig(JSON.stringify({ ...smol, ...changes }), 'config.json')

describe('a Llama config', () => {
  it('reads as the hub writes it', () => {
    const { tensors, ...config } = parse({})
    expect(config).toEqual({
      architecture: 'llama',
      vocabSize: 49152,
      hiddenSize: 576,
      layers: 30,
      heads: 9,
      kvHeads: 3,
      headDim: 64,
      ffnSize: 1536,
      maxLength: 8192,
      norm: { kind: 'rms', epsilon: 1e-5 },
      positions: { kind: 'rotary', rope: { kind: 'default', theta: 100000 } },
      feedForward: { kind: 'gated', activation: 'silu' },
      bos: 1,
      eos: [2],
    })
    expect([tensors.head, tensors.layer(7).down.name]).toEqual([
      'model.embed_tokens.weight',
      'model.layers.7.mlp.down_proj.weight',
    ])
  })

  it('has its own head when it is not tied, and as many key/value heads as heads when it does not say', () => {
    const { tensors, kvHeads } = parse({ tie_word_embeddings: false, num_key_value_heads: undefined })
    expect([tensors.head, kvHeads]).toEqual(['lm_head.weight', 9])
  })

  it('reads the rope of transformers 5 as that of transformers 4', () => {
    const old = parse({ rope_theta: 500000, rope_scaling: llama3Scaling })
    const recent = parse({ rope_theta: undefined, rope_parameters: { ...llama3Scaling, rope_theta: 500000 } })
    expect(recent.positions).toEqual(old.positions)
    expect(old.positions).toEqual({
      kind: 'rotary',
      rope: {
        kind: 'llama3',
        theta: 500000,
        factor: 32,
        lowFreqFactor: 1,
        highFreqFactor: 4,
        originalMaxLength: 8192,
      },
    })
  })
})

/** What each family takes for fields that a config.json lacks, and what only it has. */
describe('a config of another family', () => {
  const base = { ...smol, num_key_value_heads: undefined, rms_norm_eps: undefined, head_dim: undefined }
  const family = (model_type: string, changes: Record<string, unknown> = {}) =>
    parseModelConfig(JSON.stringify({ ...base, model_type, ...changes }), 'config.json')

  it('Mistral: a sliding window in every layer, which changes nothing where it is as long as the text', () => {
    const config = family('mistral', { num_attention_heads: 16, hidden_size: 1024, sliding_window: 8192 })
    expect(config).toMatchObject({ architecture: 'mistral', kvHeads: 8, headDim: 64, norm: { epsilon: 1e-6 } })
    expect(config.window).toBe(undefined)
    expect(family('mistral', { sliding_window: 512 }).window?.(0)).toBe(512)
    expect(family('mistral').window?.(29)).toBe(4096)
    expect(family('mistral', { sliding_window: null }).window).toBe(undefined)
    expect(family('mistral', { sliding_window: null }).kvHeads).toBe(9)
    expect(family('mistral', { max_position_embeddings: 4096 }).maxLength).toBe(4096)
  })

  it('Qwen2: biases on query, key and value only', () => {
    const layer = family('qwen2').tensors.layer(0)
    expect(layer.queryKeyValue.map(({ bias }) => bias)).toEqual(
      ['q', 'k', 'v'].map((side) => `model.layers.0.self_attn.${side}_proj.bias`),
    )
    expect([layer.output.bias, layer.down.bias]).toEqual([undefined, undefined])
  })

  it('Qwen2 and Qwen3: a sliding window in the layers that they name', () => {
    const windows = (changes: Record<string, unknown>) =>
      [0, 1, 2].map(family('qwen3', { use_sliding_window: true, sliding_window: 16, ...changes }).window ?? (() => 0))
    expect(windows({ use_sliding_window: false })).toEqual([0, 0, 0])
    expect(windows({ sliding_window: 8192 })).toEqual([0, 0, 0])
    expect(windows({ max_window_layers: 1 })).toEqual([undefined, 16, 16])
    const layer_types = ['full_attention', 'sliding_attention', 'full_attention']
    expect(windows({ max_window_layers: 0, layer_types })).toEqual([undefined, 16, undefined])
  })

  it('Qwen3: norms on heads, which are 128 wide unless it says otherwise', () => {
    const config = family('qwen3')
    expect(config.headDim).toBe(128)
    expect(family('qwen3', { head_dim: null }).headDim).toBe(64)
    expect(config.tensors.layer(2)).toMatchObject({
      queryNorm: 'model.layers.2.self_attn.q_norm.weight',
      keyNorm: 'model.layers.2.self_attn.k_norm.weight',
    })
    expect(config.tensors.layer(2).queryKeyValue.map(({ bias }) => bias)).toEqual([undefined, undefined, undefined])
  })

  it('Llama: biases where it says so', () => {
    const { output, down } = parse({ attention_bias: true, mlp_bias: true }).tensors.layer(0)
    expect([output.bias, down.bias]).toEqual([
      'model.layers.0.self_attn.o_proj.bias',
      'model.layers.0.mlp.down_proj.bias',
    ])
  })

  const gpt2 = { model_type: 'gpt2', vocab_size: 50257, n_embd: 768, n_layer: 12, n_head: 12 }
  const parseGpt2 = (changes: Record<string, unknown> = {}) =>
    parseModelConfig(JSON.stringify({ ...gpt2, ...changes }), 'config.json')

  it('GPT-2: tied, four times as wide inside, 1024 positions', () => {
    const { tensors, ...config } = parseGpt2({ n_inner: null })
    expect(config).toEqual({
      architecture: 'gpt2',
      vocabSize: 50257,
      hiddenSize: 768,
      layers: 12,
      heads: 12,
      kvHeads: 12,
      headDim: 64,
      ffnSize: 3072,
      maxLength: 1024,
      norm: { kind: 'layer', epsilon: 1e-5 },
      positions: { kind: 'learned', tensor: 'wpe.weight' },
      feedForward: { kind: 'plain', activation: 'gelu-tanh' },
      bos: undefined,
      eos: [],
    })
    expect([tensors.head, tensors.layer(0).queryKeyValue]).toEqual([
      'wte.weight',
      [{ name: 'h.0.attn.c_attn.weight', outSize: 2304, bias: 'h.0.attn.c_attn.bias', stored: 'in-out' }],
    ])
    expect(parseGpt2({ tie_word_embeddings: false }).tensors.head).toBe('lm_head.weight')
    expect(parseGpt2({ activation_function: 'gelu_pytorch_tanh' }).feedForward).toEqual(config.feedForward)
  })

  it.each([
    [
      'qwen3',
      { layer_types: ['chunked_attention'] },
      'layer_types.0: Invalid option: expected one of "full_attention"',
    ],
    [
      'qwen3',
      { rope_parameters: { full_attention: { rope_type: 'default', rope_theta: 1e6 } } },
      'rope_parameters.full_attention: rotations that differ by type of layer are not supported',
    ],
    ['llama', { partial_rotary_factor: 0.5 }, 'partial_rotary_factor: rotating a part of each head is not supported'],
    [
      'llama',
      { quantization_config: { quant_method: 'gptq' } },
      'quantisation gptq is not supported in safetensors files',
    ],
  ])('%s with %o is refused by name', (model_type, changes, line) => {
    expect(() => family(model_type, changes)).toThrow(line)
  })

  it.each([
    [{ activation_function: 'relu' }, 'activation_function: activation relu is not supported (only gelu_new'],
    [{ scale_attn_by_inverse_layer_idx: true }, 'scale_attn_by_inverse_layer_idx: a scale of attention by layer'],
    [{ n_head: 7 }, 'n_head: must divide n_embd'],
  ])('gpt2 with %o is refused by name', (changes, line) => {
    expect(() => parseGpt2(changes)).toThrow(line)
  })
})

const refused: Record<string, { changes: Record<string, unknown>; line: RegExp }> = {
  'another architecture': {
    changes: { model_type: 'mamba' },
    line: /^config\.json: architecture mamba is not supported \(only .*llama.*\)$/,
  },
  'no architecture': { changes: { model_type: undefined }, line: /^config\.json: model_type is missing$/ },
  'another rope': {
    changes: { rope_scaling: { rope_type: 'yarn', factor: 4 } },
    line: /^config\.json: rope_scaling: rope type yarn is not supported \(only default, linear, llama3\)$/,
  },
  'half a rope': {
    changes: { rope_scaling: { type: 'linear' } },
    line: /^config\.json: rope_scaling: rope type linear lacks factor$/,
  },
  'another activation': {
    changes: { hidden_act: 'gelu' },
    line: /^config\.json: hidden_act: activation gelu is not supported \(only silu, swish\)$/,
  },
  'heads that do not group': {
    changes: { num_key_value_heads: 2 },
    line: /^config\.json: num_key_value_heads: must divide num_attention_heads$/,
  },
  'an odd head': { changes: { hidden_size: 577 }, line: /^config\.json: head_dim: must be an even whole number$/ },
  'a size that is missing': { changes: { vocab_size: undefined }, line: /^config\.json: vocab_size: / },
}

describe('a config that cannot run is refused by name in one line', () => {
  it.each(Object.entries(refused))('%s', (_, { changes, line }) => {
    expect(() => parse(changes)).toThrow(
      expect.objectContaining({ kind: 'bad-input', line: expect.stringMatching(line) }),
    )
  })

  it('text that is no JSON', () => {
    expect(() => parseModelConfig('{', 'config.json')).toThrow('not valid JSON')
  })
})
