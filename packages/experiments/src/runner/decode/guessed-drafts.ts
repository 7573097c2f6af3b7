import type { Drafter, DraftSession, TokenId } from '@dsd-lab/core'
import { WindowGuess } from './guess-window.ts'

/**
 * Drafts what `drafter` drafts, in fewer forward passes where a text returns to one that it resembles: a guess of the window is read in one
 * pass, and every token up to the first that was guessed wrong is the drafter's own. Steps are counted as the drafter would take them.
 */
export function guessedDrafts({
  drafter,
  promptTokens,
  resembles,
}: {
  readonly drafter: Drafter
  readonly promptTokens: number
  /** Without the prompt. */
  readonly resembles: readonly TokenId[]
}): Drafter {
  return {
    name: drafter.name,
    async open(request) {
      const drafts = await drafter.open(request)
      // Places of a known text are told by their ids alone.
      if (request.needs !== 'ids' || drafts.proposeAlong === undefined) return drafts
      return new GuessedSession({ drafts, promptTokens, guess: new WindowGuess(resembles) })
    },
    // The drafter is that of other texts too.
    async [Symbol.asyncDispose]() {},
  }
}

class GuessedSession implements DraftSession {
  readonly #drafts: DraftSession
  readonly #promptTokens: number
  readonly #guess: WindowGuess

  constructor(parts: { readonly drafts: DraftSession; readonly promptTokens: number; readonly guess: WindowGuess }) {
    this.#drafts = parts.drafts
    this.#promptTokens = parts.promptTokens
    this.#guess = parts.guess
  }

  async propose(...asked: Parameters<DraftSession['propose']>): ReturnType<DraftSession['propose']> {
    const [context, { gamma, stopBelow = 0 }] = asked
    if (stopBelow > 0) return this.#drafts.propose(...asked)
    const tokens: TokenId[] = []
    while (tokens.length < gamma) {
      const text = [...context, ...tokens]
      const guessed = this.#guess.after(text.slice(this.#promptTokens)).slice(0, gamma - tokens.length - 1)
      const own = await this.#along(text, guessed)
      const right = own.findIndex((token, index) => token !== guessed[index])
      this.#guess.learn(guessed.length, right)
      tokens.push(...own.slice(0, right + 1))
    }
    return { tokens, steps: tokens.length }
  }

  close(): Promise<void> {
    return this.#drafts.close()
  }

  /** What the drafter says after each beginning of a guess, the whole guess included. `[guessed + 1]` */
  async #along(text: readonly TokenId[], guessed: readonly TokenId[]): Promise<readonly TokenId[]> {
    const last = text.at(-1)
    if (last === undefined || this.#drafts.proposeAlong === undefined) throw new RangeError('nothing to draft after')
    // The id behind the guess is not read.
    return this.#drafts.proposeAlong(text, [...guessed, last])
  }
}
