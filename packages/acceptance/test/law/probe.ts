import { exponentialOf, type PositionNoise, type SequenceNoise, type UniformField } from '@dsd-lab/core'

/** Noise that a test sets by hand, position by position. */
export interface HandNoise {
  readonly accept: number
  /** Both races of the position run on it. */
  readonly field: UniformField
}

const SMALLEST = 2 ** -53
export const LARGEST = 1 - 2 ** -53
const evenField: UniformField = { at: () => 0.5 }

/** A draft that can pass does: the smallest uniform. */
export const willing: HandNoise = { accept: SMALLEST, field: evenField }

export function handNoise(at: (position: number) => HandNoise): SequenceNoise {
  return {
    at(position): PositionNoise {
      const { accept, field } = at(position)
      const gumbel = (id: number): number => -Math.log(exponentialOf(field.at(id)))
      return {
        target: field,
        residual: field,
        targetGumbel: gumbel,
        residualGumbel: gumbel,
        acceptUniform: () => accept,
      }
    },
  }
}

/** The uniform up to which `holds` is true, to the last bit; it must be true below and false above. */
export function thresholdOf(holds: (uniform: number) => boolean): number {
  if (!holds(SMALLEST)) return 0
  if (holds(LARGEST)) return 1
  let [low, high] = [SMALLEST, LARGEST]
  for (let middle = (low + high) / 2; middle > low && middle < high; middle = (low + high) / 2) {
    if (holds(middle)) low = middle
    else high = middle
  }
  return low
}

/**
 * The exact law behind a race that can only be watched. With two tokens early and all others as late as can be, token j
 * beats the likeliest token r iff E_j / E_r < p_j / p_r: bisecting E_j gives the ratio to the last bits, and the ratios
 * give the law. `[vocab]`
 */
export function probeLaw(vocabSize: number, winnerOf: (field: UniformField) => number): number[] {
  const likeliest = winnerOf(evenField)
  const reference = exponentialOf(0.4)
  const ratios = Array.from({ length: vocabSize }, (_, id) => {
    if (id === likeliest) return 1
    const wins = (uniform: number): boolean =>
      winnerOf({ at: (other) => (other === likeliest ? 0.4 : other === id ? uniform : LARGEST) }) === id
    return exponentialOf(thresholdOf(wins)) / reference
  })
  const total = ratios.reduce((sum, ratio) => sum + ratio, 0)
  return ratios.map((ratio) => ratio / total)
}
