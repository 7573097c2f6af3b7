import type { TokenId } from '@dsd-lab/core'
import type { TextTokenizer } from '@dsd-lab/node-runtime'
import type { DecodedText } from './text-entry.ts'

/** The text and its cut by token; together the pieces are the text. */
export function written(tokenizer: TextTokenizer, ids: readonly TokenId[]): Pick<DecodedText, 'text' | 'pieces'> {
  const decoder = tokenizer.streamDecoder()
  const pieces = ids.map((id) => decoder.push([id]))
  const rest = decoder.flush()
  const last = pieces.pop()
  if (last !== undefined) pieces.push(last + rest)
  return { text: pieces.join(''), pieces }
}
