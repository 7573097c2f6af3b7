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
      const along = drafts.proposeAlong?.bind(drafts)
      // Places of a known text are told by their ids alone.
      if (request.needs !== 'ids' || along === undefined) return drafts
      return new GuessedSession({ drafts, along, promptTokens, guess: new WindowGuess(resembles) })
    },
    // The drafter is that of other texts too.
    async [Symbol.asyncDispose]() {},
  }
}

interface SessionParts {
  readonly drafts: DraftSession
  readonly along: NonNullable<DraftSession['proposeAlong']>
  readonly promptTokens: number
  readonly guess: WindowGuess
}

class GuessedSession implements DraftSession {
  readonly #parts: SessionParts

  constructor(parts: SessionParts) {
    this.#parts = parts
  }

  async propose(...asked: Parameters<DraftSession['propose']>): ReturnType<DraftSession['propose']> {
    const [context, { gamma, stopBelow = 0 }] = asked
    const { drafts, along, promptTokens, guess } = this.#parts
    if (stopBelow > 0) return drafts.propose(...asked)
    const tokens: TokenId[] = []
    while (tokens.length < gamma) {
      const text = [...context, ...tokens]
      const guessed = guess.after(text.slice(promptTokens)).slice(0, gamma - tokens.length - 1)
      // Of the place behind the guess only what stands before it is read.
      const own = await along(text, [...guessed, 0])
      const right = own.findIndex((token, index) => token !== guessed[index])
      guess.learn(guessed.length, right)
      tokens.push(...own.slice(0, right + 1))
    }
    return { tokens, steps: tokens.length }
  }

  close(): Promise<void> {
    return this.#parts.drafts.close()
  }
}
