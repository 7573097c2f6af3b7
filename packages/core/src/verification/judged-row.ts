import type { Distribution } from '../distribution/distribution.ts'
import { softmax, warp } from '../distribution/warp.ts'
import type { Sampling, TokenId } from '../tokens.ts'
import type { JudgedRow, PositionNoise } from './rule.ts'

export interface JudgedRowParts {
  readonly position: number
  /** `[vocab]` */
  readonly logits: Float32Array
  readonly sampling: Sampling
  readonly drafted: TokenId | undefined
  readonly draft: Distribution | undefined
  readonly noise: PositionNoise
  readonly annotate: boolean
}

/** A row whose laws are computed when a rule first reads them: greedy rules never pay for a softmax. */
export class LazyJudgedRow implements JudgedRow {
  readonly position: number
  readonly logits: Float32Array
  readonly drafted: TokenId | undefined
  readonly draft: Distribution | undefined
  readonly noise: PositionNoise
  readonly annotate: boolean
  readonly #sampling: Sampling
  #target: Distribution | undefined
  #untempered: Distribution | undefined

  constructor({ position, logits, sampling, drafted, draft, noise, annotate }: JudgedRowParts) {
    this.position = position
    this.logits = logits
    this.drafted = drafted
    this.draft = draft
    this.noise = noise
    this.annotate = annotate
    this.#sampling = sampling
  }

  get target(): Distribution {
    this.#target ??= warp(this.logits, this.#sampling, this.position)
    return this.#target
  }

  get untempered(): Distribution {
    this.#untempered ??= softmax(this.logits, this.position)
    return this.#untempered
  }
}
