import type { GgufFile } from '../gguf-file.ts'
import { damaged, quoted, refusal } from '../refusal.ts'
import type { AddedToken } from './tokenizer-json.ts'

export interface Vocabulary {
  /** By id. `[vocab]` */
  readonly tokens: readonly string[]
  readonly ids: Readonly<Record<string, number>>
  readonly added: readonly AddedToken[]
  /** Ids that stand for nothing. */
  readonly unused: ReadonlySet<number>
  /** By rank. */
  readonly merges: readonly (readonly [left: string, right: string])[]
}

/** `tokenizer.ggml.token_type`: these are found in a text as they stand; all others come from merging bytes. */
export const CONTROL = 3
const USER_DEFINED = 4
/** A row of the embedding that no text reaches: padding. */
const UNUSED = 5

/** @throws DsdError naming the token or merge that is malformed */
export function readVocabulary(file: GgufFile): Vocabulary {
  const { metadata, path } = file
  const tokens = metadata.texts('tokenizer.ggml.tokens')
  if (tokens === undefined || tokens.length === 0) throw refusal(path, 'tokenizer.ggml.tokens is missing')
  const ids = new Map<string, number>()
  tokens.forEach((token, id) => {
    const other = ids.get(token)
    if (other !== undefined)
      throw damaged(path, `token ${quoted(token)} stands in the vocabulary twice, as ${other} and ${id}`)
    ids.set(token, id)
  })
  const types = metadata.numbers('tokenizer.ggml.token_type') ?? []
  if (types.length > 0 && types.length !== tokens.length) {
    throw damaged(path, `tokenizer.ggml.token_type has ${types.length} entries for ${tokens.length} tokens`)
  }
  return {
    tokens,
    ids: Object.fromEntries(ids),
    added: tokens.flatMap((content, id) => addedToken(content, id, types[id])),
    unused: new Set(types.flatMap((type, id) => (type === UNUSED ? [id] : []))),
    merges: readMerges(file),
  }
}

function addedToken(content: string, id: number, type: number | undefined): AddedToken[] {
  if (type !== CONTROL && type !== USER_DEFINED) return []
  // An empty one would be found everywhere.
  if (content === '') return []
  return [
    { id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: type === CONTROL },
  ]
}

function readMerges({ metadata, path }: GgufFile): [string, string][] {
  const merges = metadata.texts('tokenizer.ggml.merges')
  if (merges === undefined) throw refusal(path, 'tokenizer.ggml.merges is missing')
  return merges.map((merge, rank) => {
    // A space is written as another character in byte-level BPE, so the only one here parts the two.
    const [left = '', right = '', ...rest] = merge.split(' ')
    if (left === '' || right === '' || rest.length > 0)
      throw damaged(path, `merge ${rank} is no pair: ${quoted(merge)}`)
    return [left, right]
  })
}
