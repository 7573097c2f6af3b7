import type { TokenId } from '@dsd-lab/core'

/** Turns a growing list of tokens into text as soon as its characters are complete. */
export interface StreamDecoder {
  /** Text that these tokens completed; may be empty while a character is still open. */
  push(ids: readonly TokenId[]): string
  /** What is left at the end of the text: an open character comes out as U+FFFD. */
  flush(): string
}

/** What decoders print for bytes that are no character, or not yet. */
const REPLACEMENT = '\ufffd'

/**
 * The pieces returned add up to the decoding of all tokens at once. Tokens are decoded together with those before them
 * since the last complete character, because a decoder may join or strip across a border.
 */
export function streamDecoder(decode: (ids: readonly TokenId[]) => string): StreamDecoder {
  /** Tokens of the last piece given out, then those still open. */
  let pending: TokenId[] = []
  let given = 0

  const advance = (isEnd: boolean): string => {
    const before = decode(pending.slice(0, given))
    const text = decode(pending)
    if (!isEnd && (text.length <= before.length || text.endsWith(REPLACEMENT))) return ''
    pending = pending.slice(given)
    given = pending.length
    return text.slice(before.length)
  }

  return {
    push(ids) {
      let text = ''
      for (const id of ids) {
        pending.push(id)
        text += advance(false)
      }
      return text
    },
    flush: () => advance(true),
  }
}
