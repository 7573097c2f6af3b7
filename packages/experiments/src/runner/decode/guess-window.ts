import type { TokenId } from '@dsd-lab/core'

/** Longest guess: rows that a wrong one wastes. */
const LONGEST = 10

/**
 * Guesses how a text goes on from one that it resembles: one that was changed in a place mostly returns to what stood there before. Guesses
 * only save forward passes; every token is still the model's own.
 */
export class WindowGuess {
  readonly #model: readonly TokenId[]
  #length = LONGEST

  constructor(model: readonly TokenId[]) {
    this.#model = model
  }

  /** What may follow `tokens`; empty when nothing in the model speaks for anything. */
  after(tokens: readonly TokenId[]): readonly TokenId[] {
    const from = this.#placeAfter(tokens)
    return from === undefined ? [] : this.#model.slice(from, from + this.#length)
  }

  /** Learns how much of a guess came true: a text that has left its model is guessed less far. */
  learn(guessed: number, right: number): void {
    if (guessed > 0) this.#length = Math.min(LONGEST, Math.max(1, right === guessed ? 2 * this.#length : right + 1))
  }

  /** The place in the model behind the longest ending of `tokens` that occurs there, nearest to where the text is; else that place itself. */
  #placeAfter(tokens: readonly TokenId[]): number | undefined {
    const here = tokens.length
    for (const length of [3, 2, 1]) {
      const ending = tokens.slice(-length)
      const places = [...this.#model.keys()]
        .map((index) => index + 1)
        .filter((place) => ending.every((token, index) => this.#model[place - length + index] === token))
      if (ending.length === length && places.length > 0) {
        return places.reduce((near, place) => (Math.abs(place - here) < Math.abs(near - here) ? place : near))
      }
    }
    return here < this.#model.length ? here : undefined
  }
}
