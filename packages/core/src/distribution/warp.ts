import { DsdError } from '../errors.ts'
import type { Sampling } from '../tokens.ts'
import { normaliseDense } from './dense.ts'
import type { Distribution } from './distribution.ts'
import { argmaxLogit, softmaxWeights } from './logits.ts'
import { pointMass, sparseDistribution } from './sparse.ts'
import { stableSum } from './stable-sum.ts'
import { topIndices } from './top-indices.ts'

/**
 * The law that a row of logits means under `sampling`: temperature, then top-k, then top-p over what top-k left.
 * Temperature 0 puts all mass on the lowest-id argmax, without a softmax. `[vocab]`
 * @param position Named in the error for a logit that is not finite.
 * @throws DsdError `numeric` for such a logit, `bad-input` for a parameter out of range.
 */
export function warp(logits: Float32Array, sampling: Sampling, position?: number): Distribution {
  checkSampling(sampling)
  const { temperature, topK = logits.length, topP = 1 } = sampling
  if (temperature === 0) return pointMass(argmaxLogit(logits, position), logits.length)
  if (topK < logits.length) return warpTop(logits, { temperature, topK, topP, position })
  const weights = softmaxWeights(logits, { temperature, position })
  return topP < 1 ? nucleus(logits, weights, topP) : normaliseDense(weights)
}

/** The law at temperature 1 without truncation. `[vocab]` */
export function softmax(logits: Float32Array, position?: number): Distribution {
  return normaliseDense(softmaxWeights(logits, { temperature: 1, position }))
}

interface TopRequest extends Required<Sampling> {
  readonly position: number | undefined
}

function warpTop(logits: Float32Array, { temperature, topK, topP, position }: TopRequest): Distribution {
  const largest = logits[argmaxLogit(logits, position)] ?? 0
  const ids = topIndices(logits, topK)
  const weights = Float64Array.from(ids, (id) => Math.exp(((logits[id] ?? 0) - largest) / temperature))
  const size = topP < 1 ? sizeReaching(topP * stableSum(weights), weights) : ids.length
  return sparseDistribution({
    vocabSize: logits.length,
    ids: ids.subarray(0, size),
    weights: weights.subarray(0, size),
  })
}

/** The most likely tokens that reach `topP` of all mass, found by widening: a nucleus is small and a vocabulary is not. */
function nucleus(logits: Float32Array, byId: Float64Array, topP: number): Distribution {
  const mass = topP * stableSum(byId)
  for (let count = 64; ; count *= 8) {
    const ids = topIndices(logits, count)
    const weights = Float64Array.from(ids, (id) => byId[id] ?? 0)
    const size = sizeReaching(mass, weights)
    if (size === ids.length && size < logits.length) continue
    return sparseDistribution({
      vocabSize: logits.length,
      ids: ids.subarray(0, size),
      weights: weights.subarray(0, size),
    })
  }
}

/** Length of the shortest prefix with at least this mass. */
function sizeReaching(mass: number, ranked: Float64Array): number {
  let sum = 0
  for (let size = 0; size < ranked.length; size++) {
    sum += ranked[size] ?? 0
    if (sum >= mass) return size + 1
  }
  return ranked.length
}

function checkSampling({ temperature, topK, topP }: Sampling): void {
  if (!(temperature >= 0 && temperature <= 2)) throw outOfRange('temperature', temperature, 'a number from 0 to 2')
  if (topK !== undefined && !(Number.isInteger(topK) && topK >= 1)) {
    throw outOfRange('topK', topK, 'an integer of at least 1')
  }
  if (topP !== undefined && !(topP > 0 && topP <= 1)) throw outOfRange('topP', topP, 'a number above 0, at most 1')
}

function outOfRange(parameter: keyof Sampling, value: number, range: string): DsdError {
  return new DsdError(`${value} is out of range`, {
    kind: 'bad-input',
    where: `sampling.${parameter}`,
    fix: `give ${range}`,
  })
}
