import { dequantise } from './dequantise/dequantise.ts'
import type { GgufFile } from './gguf-file.ts'
import type { RopeFacts } from './model-facts.ts'
import { quoted, refusal } from './refusal.ts'

/** `rope_scaling` of Llama 3.1 to 3.3 apart from `factor`; converters write the factors they imply and not these. */
const LLAMA3 = { lowFreqFactor: 1, highFreqFactor: 4, originalMaxLength: 8192 } as const

/** Factors per pair of dimensions; beside `rope_scaling` metadata they are how Llama 3 models are stored. */
export const ROPE_FACTORS = 'rope_freqs.weight'

const DEFAULT_THETA = 10_000

/**
 * Reads how positions are rotated.
 *
 * @param prefix name of the architecture, with which its metadata keys begin
 * @throws DsdError naming a scaling type that is not supported
 */
export async function readRope(file: GgufFile, prefix: string, headDim: number): Promise<RopeFacts> {
  const { metadata, path } = file
  const theta = metadata.real(`${prefix}.rope.freq_base`) ?? DEFAULT_THETA
  const turned = metadata.size(`${prefix}.rope.dimension_count`) ?? headDim
  if (turned !== headDim)
    throw refusal(path, `rope turns ${turned} of ${headDim} dimensions; part of a head is not supported`)

  const type = metadata.text(`${prefix}.rope.scaling.type`) ?? 'linear'
  if (type !== 'none' && type !== 'linear') {
    throw refusal(path, `rope scaling ${quoted(type)} is not supported (only none, linear and llama3)`)
  }
  const written = metadata.real(`${prefix}.rope.scaling.factor`) ?? metadata.real(`${prefix}.rope.scale_linear`) ?? 1
  const factor = type === 'none' ? 1 : written
  const factors = await readFactors(file, headDim)
  if (!(theta > 0) || !(factor > 0))
    throw refusal(path, `rope has theta ${theta} and factor ${factor}; both must be above 0`)
  if (factors !== undefined) {
    if (factor !== 1) throw refusal(path, `rope has both a scaling factor and ${ROPE_FACTORS}, which is not supported`)
    return recogniseLlama3(theta, factors)
  }
  return factor === 1 ? { kind: 'default', theta } : { kind: 'linear', theta, factor }
}

async function readFactors(file: GgufFile, headDim: number): Promise<readonly number[] | undefined> {
  const tensor = file.tensors.get(ROPE_FACTORS)
  if (tensor === undefined) return undefined
  if (tensor.type !== 'F32' || tensor.shape.join() !== String(headDim / 2)) {
    throw refusal(
      file.path,
      `tensor ${ROPE_FACTORS} is ${tensor.type} [${tensor.shape.join(', ')}], not F32 [${headDim / 2}]`,
    )
  }
  const stored = new Uint8Array(tensor.byteLength)
  await file.readInto(tensor, stored)
  const factors = new Float32Array(headDim / 2)
  dequantise('F32', stored, factors)
  if (!factors.every((value) => value > 0 && Number.isFinite(value))) {
    throw refusal(file.path, `tensor ${ROPE_FACTORS} holds a factor that is not above 0`)
  }
  return Array.from(factors)
}

function recogniseLlama3(theta: number, factors: readonly number[]): RopeFacts {
  if (factors.every((value) => value === 1)) return { kind: 'default', theta }
  const factor = Math.max(...factors)
  const same = factors.every((value, pair) => {
    const turns = (LLAMA3.originalMaxLength * theta ** (-pair / factors.length)) / (2 * Math.PI)
    const share = (turns - LLAMA3.lowFreqFactor) / (LLAMA3.highFreqFactor - LLAMA3.lowFreqFactor)
    const kept = Math.min(1, Math.max(0, share))
    const expected = 1 / (kept + (1 - kept) / factor)
    // The converter computes in float32.
    return Math.abs(value - expected) <= 1e-4 * expected
  })
  return same ? { kind: 'llama3', theta, factor, ...LLAMA3 } : { kind: 'factors', theta, factors }
}
