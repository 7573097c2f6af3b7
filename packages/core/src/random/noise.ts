import type { DraftingMode, PositionNoise } from '../verification/rule.ts'
import { gumbelOf, PURPOSE, type Purpose, type UniformField, uniformField } from './streams.ts'

export interface SequenceKey {
  /** Non-negative safe integer. */
  readonly seed: number
  /** Index of the sequence inside the run. */
  readonly sequence: number
}

/** The judge's randomness of one text. */
export interface SequenceNoise {
  /** `position` is the absolute position that the judged token will occupy. */
  at(position: number): PositionNoise
}

/** The randomness that the tail uses, keyed so that no window, retry or topology can change a draw. */
export function sequenceNoise(key: SequenceKey): SequenceNoise {
  return { at: (position) => new KeyedPositionNoise(key, position) }
}

/** The drafter's randomness of one text: the tail's own noise when coupled, else an independent stream. */
export function draftNoise({ seed, sequence, drafting }: SequenceKey & { readonly drafting: DraftingMode }): {
  at(position: number): UniformField
} {
  const purpose = drafting === 'coupled' ? PURPOSE.TARGET_GUMBEL : PURPOSE.DRAFT
  return { at: (position) => uniformField({ seed, purpose, sequence, position }) }
}

class KeyedPositionNoise implements PositionNoise {
  readonly #key: SequenceKey
  readonly #position: number
  #target: UniformField | undefined
  #residual: UniformField | undefined
  #accept: UniformField | undefined

  constructor(key: SequenceKey, position: number) {
    this.#key = key
    this.#position = position
  }

  get target(): UniformField {
    this.#target ??= this.#field(PURPOSE.TARGET_GUMBEL)
    return this.#target
  }

  get residual(): UniformField {
    this.#residual ??= this.#field(PURPOSE.RESIDUAL)
    return this.#residual
  }

  targetGumbel(id: number): number {
    return gumbelOf(this.target.at(id))
  }

  residualGumbel(id: number): number {
    return gumbelOf(this.residual.at(id))
  }

  acceptUniform(index = 0): number {
    this.#accept ??= this.#field(PURPOSE.ACCEPT)
    return this.#accept.at(index)
  }

  #field(purpose: Purpose): UniformField {
    const { seed, sequence } = this.#key
    return uniformField({ seed, purpose, sequence, position: this.#position })
  }
}
