import type { HeadSpan } from './rotary.ts'

/** Scale, and of a layer norm also the shift, of every value of a row. */
export interface NormWeights {
  readonly weight: Float32Array
  readonly bias: Float32Array | undefined
}

export interface NormKind {
  readonly kind: 'rms' | 'layer'
  readonly epsilon: number
}

/**
 * Norm of each row, `rms` (Zhang and Sennrich 2019): x / sqrt(mean(x^2) + epsilon) * weight; `layer` (Ba et al. 2016): the same of x
 * less its mean, plus bias.
 *
 * @param x `[rows, weight.length]`
 */
export function normalise(x: Float32Array, { weight, bias }: NormWeights, { kind, epsilon }: NormKind): Float32Array {
  const size = weight.length
  const out = new Float32Array(x.length)
  for (let row = 0; row < x.length; row += size) {
    const mean = kind === 'layer' ? meanOf(x, row, size) : 0
    const scale = inverseRoot(x, { from: row, size, mean, epsilon })
    for (let i = 0; i < size; i++) {
      const normed = ((x[row + i] as number) - mean) * scale * (weight[i] as number)
      out[row + i] = bias === undefined ? normed : normed + (bias[i] as number)
    }
  }
  return out
}

/**
 * RMS norm of every head of every row, in place.
 *
 * @param weight `[headDim]`
 */
export function normaliseHeads(x: Float32Array, span: HeadSpan, weight: Float32Array, epsilon: number): void {
  const size = weight.length
  for (let row = span.offset; row < x.length; row += span.stride) {
    for (let head = row; head < row + span.heads * size; head += size) {
      const scale = inverseRoot(x, { from: head, size, mean: 0, epsilon })
      for (let i = 0; i < size; i++) x[head + i] = (x[head + i] as number) * scale * (weight[i] as number)
    }
  }
}

function meanOf(x: Float32Array, from: number, size: number): number {
  let sum = 0
  for (let i = from; i < from + size; i++) sum += x[i] as number
  return sum / size
}

interface Run {
  readonly from: number
  readonly size: number
  readonly mean: number
  readonly epsilon: number
}

/** 1 / sqrt(mean((x - mean)^2) + epsilon) of a run of values. */
function inverseRoot(x: Float32Array, { from, size, mean, epsilon }: Run): number {
  let squares = 0
  for (let i = from; i < from + size; i++) {
    const value = (x[i] as number) - mean
    squares += value * value
  }
  return 1 / Math.sqrt(squares / size + epsilon)
}
