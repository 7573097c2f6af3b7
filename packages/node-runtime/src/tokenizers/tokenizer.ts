import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DsdError, type TokenId } from '@dsd-lab/core'
import { Tokenizer as FastTokenizer } from '@huggingface/tokenizers'
import { z } from 'zod'
import { type ChatTemplate, readChatTemplate } from './chat-template.ts'
import { type StreamDecoder, streamDecoder } from './stream-decoder.ts'

export interface TextTokenizer {
  /** One more than the largest id. The model's vocabulary may be larger (padding). */
  readonly size: number
  /** SHA-256 over the spelling of every id, hexadecimal: equal where two tokenizers mean the same by their ids. */
  readonly digest: string
  /** Tokens that stand for no text, such as end-of-text. */
  readonly specialIds: ReadonlySet<TokenId>
  /** The model's chat template, or undefined when it has none. */
  readonly chat: ChatTemplate | undefined
  /** @param specialTokens add what the tokenizer puts around a text, as a beginning-of-text token. Default true */
  encode(text: string, options?: { readonly specialTokens?: boolean }): TokenId[]
  /** @param specialTokens print special tokens too. Default false */
  decode(ids: readonly TokenId[], options?: { readonly specialTokens?: boolean }): string
  /** Decodes a growing text piece by piece, never in the middle of a character. */
  streamDecoder(): StreamDecoder
  /** Text of each token inside a text, its leading space included; empty for unused ids. `[size]` */
  pieces(): readonly string[]
  /** The token as the vocabulary spells it, or undefined for an unused id. */
  spelling(id: TokenId): string | undefined
}

const tokenizerSchema = z.looseObject({
  model: z.looseObject({}),
  added_tokens: z.array(z.looseObject({ id: z.number().int(), content: z.string(), special: z.boolean() })).default([]),
})

/**
 * Reads tokenizer.json and, where there is one, tokenizer_config.json of a model folder.
 *
 * @throws DsdError when tokenizer.json is missing or not a tokenizer
 */
export async function loadTokenizer(dir: string): Promise<TextTokenizer> {
  const where = join(dir, 'tokenizer.json')
  const json = await readFile(where, 'utf8').catch((cause: unknown) => {
    throw new DsdError('the tokenizer is missing', {
      kind: 'bad-input',
      where,
      fix: 'put the tokenizer.json of the model there',
      cause,
    })
  })
  const config = await readTokenizerConfig(dir)
  const chat = await readChatTemplate(dir, config)
  try {
    return makeTokenizer({ json: JSON.parse(json), config, chat })
  } catch (cause) {
    throw new DsdError('not a tokenizer of Hugging Face', {
      kind: 'bad-input',
      where,
      fix: 'fetch the file again',
      cause,
    })
  }
}

async function readTokenizerConfig(dir: string): Promise<Record<string, unknown>> {
  const where = join(dir, 'tokenizer_config.json')
  const json = await readFile(where, 'utf8').catch(() => '{}')
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(json))
  } catch (cause) {
    throw new DsdError('not a JSON object', { kind: 'bad-input', where, cause })
  }
}

export interface TokenizerParts {
  /** A parsed tokenizer.json. */
  readonly json: unknown
  /** A parsed tokenizer_config.json. */
  readonly config: object
  readonly chat: ChatTemplate | undefined
  /** Ids that stand for nothing. Default: none */
  readonly unused?: ReadonlySet<TokenId>
}

/** @throws Error when `json` is no tokenizer */
export function makeTokenizer({ json, config, chat, unused }: TokenizerParts): TextTokenizer {
  const raw = tokenizerSchema.parse(json)
  // Without this flag decoding would eat the spaces before punctuation.
  const fast = new FastTokenizer(raw, { ...config, clean_up_tokenization_spaces: false })
  const used = [...fast.get_vocab(true).values()].filter((id) => unused?.has(id) !== true)
  const size = used.reduce((largest, id) => Math.max(largest, id + 1), 0)
  const spelling = (id: TokenId): string | undefined => (unused?.has(id) === true ? undefined : fast.id_to_token(id))
  let digest: string | undefined

  const decode: TextTokenizer['decode'] = (ids, { specialTokens = false } = {}) =>
    ids.length === 0 ? '' : fast.decode([...ids], { skip_special_tokens: !specialTokens })

  return {
    size,
    get digest() {
      digest ??= digestOf(Array.from({ length: size }, (_, id) => spelling(id)))
      return digest
    },
    specialIds: new Set(raw.added_tokens.filter(({ special }) => special).map(({ id }) => id)),
    chat,
    encode: (text, { specialTokens = true } = {}) => fast.encode(text, { add_special_tokens: specialTokens }).ids,
    decode,
    streamDecoder: () => streamDecoder((ids) => decode(ids)),
    pieces() {
      // Decoders strip the space at the start of a text, so each token is decoded behind another one.
      const anchor = fast.encode('a', { add_special_tokens: false }).ids
      const before = decode(anchor).length
      return Array.from({ length: size }, (_, id) =>
        spelling(id) === undefined ? '' : decode([...anchor, id], { specialTokens: true }).slice(before),
      )
    },
    spelling,
  }
}

const digestOf = (spellings: readonly (string | undefined)[]): string =>
  createHash('sha256')
    .update(JSON.stringify(spellings.map((token) => token ?? null)))
    .digest('hex')
