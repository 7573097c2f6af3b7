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
  /** Ids before the window. `[first position]` */
  readonly text: readonly TokenId[]
  /** Ids drafted in the window before this row. `[index]` */
  readonly draftedBefore: readonly TokenId[]
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
  readonly #text: readonly TokenId[]
  readonly #draftedBefore: readonly TokenId[]
  #preceding: readonly TokenId[] | undefined

  constructor(parts: JudgedRowParts) {
    const { position, logits, sampling, drafted, draft, noise, annotate, text, draftedBefore } = parts
    this.position = position
    this.logits = logits
    this.drafted = drafted
    this.draft = draft
    this.noise = noise
    this.annotate = annotate
    this.#sampling = sampling
    this.#text = text
    this.#draftedBefore = draftedBefore
  }

  get target(): Distribution {
    this.#target ??= warp(this.logits, this.#sampling, this.position)
    return this.#target
  }

  get preceding(): readonly TokenId[] {
    this.#preceding ??= [...this.#text, ...this.#draftedBefore]
    return this.#preceding
  }

  get untempered(): Distribution {
    this.#untempered ??= softmax(this.logits, this.position)
    return this.#untempered
  }
}
