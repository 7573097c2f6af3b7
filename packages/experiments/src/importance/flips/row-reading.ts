import { draftSignals, rowSignals } from '@dsd-lab/acceptance'
import { argmaxLogit, PURPOSE, softmax, type TokenId, uniformField } from '@dsd-lab/core'
import type { FlipModels } from './flip-models.ts'
import type { FlipRequest, ReadRow } from './flip-request.ts'

/** A row whose place in the whole answer is not known yet. */
type UnplacedRow = Omit<ReadRow, 'place'>

interface RowPair {
  readonly at: number
  /** Absolute, in prompt and answer. */
  readonly position: number
  /** `[vocab]` each */
  readonly target: Float32Array
  readonly draft: Float32Array
}

/** The target's tokens beside its own choice that a flip may take. */
const TOP = 5

/** Collects the rows of a text where the models disagree, and a keyed sample of those where they agree. */
export class RowReading {
  readonly drafts: TokenId[] = []
  readonly #models: FlipModels
  readonly #sequence: number
  readonly #matching: number
  readonly #mismatches: UnplacedRow[] = []
  #matches: { readonly draw: number; readonly row: UnplacedRow }[] = []

  constructor(parts: { readonly models: FlipModels; readonly request: FlipRequest; readonly matching: number }) {
    this.#models = parts.models
    this.#sequence = parts.request.sequence
    this.#matching = parts.matching
  }

  add(pair: RowPair): void {
    const token = argmaxLogit(pair.target, pair.position)
    const draft = argmaxLogit(pair.draft, pair.position)
    this.drafts.push(draft)
    if (token !== draft) this.#mismatches.push(this.#read(pair, token, draft))
    else this.#sampleMatch(pair, token)
  }

  /** In order of their places. */
  rows(): UnplacedRow[] {
    return [...this.#mismatches, ...this.#matches.map(({ row }) => row)].sort((a, b) => a.at - b.at)
  }

  /** Keeps the places with the smallest draws, so that the sample does not depend on how the text was cut. */
  #sampleMatch(pair: RowPair, token: TokenId): void {
    const key = { seed: 0, purpose: PURPOSE.WORKLOAD, sequence: this.#sequence, position: pair.position }
    const draw = uniformField(key).at(0)
    const worst = this.#matches.at(-1)
    if (this.#matching === 0 || (this.#matches.length >= this.#matching && worst !== undefined && draw > worst.draw))
      return
    const row = this.#read(pair, token, token)
    this.#matches = [...this.#matches, { draw, row }].sort((a, b) => a.draw - b.draw).slice(0, this.#matching)
  }

  #read({ at, target, draft }: RowPair, token: TokenId, drafted: TokenId): UnplacedRow {
    const law = softmax(target)
    return {
      at,
      token,
      draft: drafted,
      tokenClass: this.#models.classOf(token),
      draftClass: this.#models.classOf(drafted),
      top: topTokens(target),
      signals: { ...rowSignals({ logits: target, law, drafted }), ...draftSignals(law, softmax(draft)) },
    }
  }
}

/** Most likely first, ties by lower id. */
function topTokens(logits: Float32Array): TokenId[] {
  const top: TokenId[] = []
  const least = (): number => logits[top.at(-1) ?? 0] ?? Number.NEGATIVE_INFINITY
  for (let id = 0; id < logits.length; id++) {
    if (top.length === TOP && (logits[id] ?? 0) <= least()) continue
    top.push(id)
    top.sort((a, b) => (logits[b] ?? 0) - (logits[a] ?? 0) || a - b)
    if (top.length > TOP) top.pop()
  }
  return top
}
