import type { Architecture } from './architectures/architecture.ts'
import type { GgufFile } from './gguf-file.ts'
import type { DecoderSizes, ModelFacts } from './model-facts.ts'
import { refusal } from './refusal.ts'
import { readRope } from './rope-facts.ts'
import type { OptionalPart } from './tensor-rule.ts'
import { namedEnds } from './tokenizer/end-tokens.ts'

/** Two norms and seven matrices; an absurd number of layers is refused before anything is made for each. */
const LEAST_LAYER_TENSORS = 9

/**
 * Sizes of a decoder.
 *
 * @throws DsdError naming the metadata key that is missing or does not fit the others
 */
export function readSizes(file: GgufFile, architecture: Architecture): DecoderSizes {
  const size = sizeReader(file, architecture.name)
  const hiddenSize = size('embedding_length')
  const heads = size('attention.head_count')
  const kvHeads = size('attention.head_count_kv', heads)
  const headDim = size('attention.key_length', hiddenSize / heads)
  const sizes = {
    vocabSize: file.tensor('token_embd.weight').shape[0] ?? 0,
    hiddenSize,
    layers: size('block_count'),
    heads,
    kvHeads,
    headDim,
    ffnSize: size('feed_forward_length'),
    maxLength: size('context_length'),
  }
  const valueDim = size('attention.value_length', headDim)
  if (valueDim !== headDim)
    throw refusal(file.path, `heads of ${headDim} for keys and ${valueDim} for values are not supported`)
  if (heads % kvHeads !== 0) throw refusal(file.path, `${heads} query heads cannot share ${kvHeads} key/value heads`)
  if (!Number.isInteger(headDim) || headDim % 2 !== 0)
    throw refusal(file.path, `a head of ${headDim} dimensions is not even`)
  if (sizes.layers * LEAST_LAYER_TENSORS > file.tensors.size) {
    throw refusal(
      file.path,
      `${architecture.name}.block_count is ${sizes.layers} and the file has ${file.tensors.size} tensors`,
    )
  }
  const span = file.metadata.size(`${architecture.name}.attention.sliding_window`) ?? 0
  if (span > 0 && span < sizes.maxLength) {
    throw refusal(file.path, `attention over a sliding window of ${span} positions is not supported`)
  }
  return sizes
}

/**
 * Everything an engine has to know, but the tensors themselves.
 *
 * @throws DsdError naming the metadata key that is missing or wrong, or a rope scaling that is not supported
 */
export async function readFacts(
  file: GgufFile,
  model: {
    readonly architecture: Architecture
    readonly sizes: DecoderSizes
    readonly parts: ReadonlySet<OptionalPart>
  },
): Promise<ModelFacts> {
  const { architecture, sizes, parts } = model
  const normEpsilon = file.metadata.real(`${architecture.name}.${architecture.normEpsilonKey}`)
  if (normEpsilon === undefined || !(normEpsilon > 0)) {
    throw refusal(
      file.path,
      `metadata key ${architecture.name}.${architecture.normEpsilonKey} is missing or not above 0`,
    )
  }
  const rope = architecture.positions === 'rotary' ? await readRope(file, architecture.name, sizes.headDim) : undefined
  const bos = file.metadata.size('tokenizer.ggml.bos_token_id')
  const eos = namedEnds(file)
  const tokens = file.metadata.get('tokenizer.ggml.tokens')
  const beyond = [bos ?? 0, ...eos, tokens?.type === 'array' ? tokens.count - 1 : 0].find((id) => id >= sizes.vocabSize)
  if (beyond !== undefined) {
    throw refusal(file.path, `the tokenizer has a token ${beyond} and the embedding ${sizes.vocabSize} rows`)
  }
  return {
    architecture: architecture.name,
    ...sizes,
    normEpsilon,
    rope,
    tiedHead: !parts.has('head'),
    attentionBias: file.tensors.has('blk.0.attn_q.bias'),
    ffnBias: parts.has('feed-forward bias'),
    bos,
    eos,
  }
}

function sizeReader(file: GgufFile, architecture: string) {
  return (key: string, otherwise?: number): number => {
    const full = `${architecture}.${key}`
    const value = file.metadata.size(full) ?? otherwise
    if (value === undefined) throw refusal(file.path, `metadata key ${full} is missing`)
    if (value === 0) throw refusal(file.path, `metadata key ${full} is 0`)
    return value
  }
}
