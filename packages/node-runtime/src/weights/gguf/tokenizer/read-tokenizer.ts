import type { GgufFile } from '../gguf-file.ts'
import { quoted, refusal } from '../refusal.ts'
import { type PreTokenizer, preTokenizers } from './pre-tokenizers.ts'
import type {
  SplitStep,
  TemplatePiece,
  TemplateProcessing,
  TokenizerConfigJson,
  TokenizerJson,
} from './tokenizer-json.ts'
import { readVocabulary, type Vocabulary } from './vocabulary.ts'

/** A tokenizer in Hugging Face's two files, for any reader of those. */
export interface GgufTokenizer {
  readonly json: TokenizerJson
  readonly config: TokenizerConfigJson
  /** Ids that stand for nothing. */
  readonly unused: ReadonlySet<number>
}

const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false } as const

/**
 * Builds a Hugging Face tokenizer from the metadata of a GGUF file.
 *
 * @throws DsdError naming the tokenizer model or pre-tokenizer that is not supported, or the entry that is malformed
 */
export function readTokenizer(file: GgufFile): GgufTokenizer {
  const pre = readPreTokenizer(file)
  const vocabulary = readVocabulary(file)
  const config = readConfig(file, vocabulary, pre)
  return {
    json: {
      version: '1.0',
      truncation: null,
      padding: null,
      added_tokens: vocabulary.added,
      normalizer: pre.normalise ? { type: 'NFC' } : null,
      pre_tokenizer: { type: 'Sequence', pretokenizers: [...pre.patterns.map(splitStep), byteLevel] },
      post_processor: framing(vocabulary, config),
      decoder: byteLevel,
      model: {
        type: 'BPE',
        dropout: null,
        unk_token: null,
        continuing_subword_prefix: null,
        end_of_word_suffix: null,
        fuse_unk: false,
        byte_fallback: false,
        ignore_merges: pre.wholeWords,
        vocab: vocabulary.ids,
        merges: vocabulary.merges,
      },
    },
    config,
    unused: vocabulary.unused,
  }
}

function readPreTokenizer({ metadata, path }: GgufFile): PreTokenizer {
  const model = metadata.text('tokenizer.ggml.model')
  if (model === undefined) throw refusal(path, 'the file has no tokenizer (tokenizer.ggml.model is missing)')
  if (model !== 'gpt2') {
    throw refusal(path, `tokenizer ${quoted(model)} is not supported (only gpt2: byte-level BPE)`)
  }
  const known = [...preTokenizers.keys()].join(', ')
  const name = metadata.text('tokenizer.ggml.pre')
  const pre = preTokenizers.get(name ?? '')
  if (pre !== undefined) return pre
  throw refusal(
    path,
    name === undefined
      ? `the file does not name its pre-tokenizer (tokenizer.ggml.pre is missing; one of ${known} is needed)`
      : `pre-tokenizer ${quoted(name)} is not supported (only ${known})`,
  )
}

const splitStep = (pattern: string): SplitStep => ({
  type: 'Split',
  pattern: { Regex: pattern },
  behavior: 'Isolated',
  invert: false,
})

function readConfig(file: GgufFile, vocabulary: Vocabulary, pre: PreTokenizer): TokenizerConfigJson {
  const { metadata, path } = file
  const token = (key: string): string | undefined => {
    const id = metadata.size(`tokenizer.ggml.${key}_token_id`)
    if (id === undefined) return undefined
    const text = vocabulary.tokens[id]
    if (text === undefined)
      throw refusal(path, `tokenizer.ggml.${key}_token_id is ${id}, of ${vocabulary.tokens.length} tokens`)
    return text
  }
  const bos = token('bos')
  const eos = token('eos')
  const unk = token('unknown')
  const pad = token('padding')
  const template = metadata.text('tokenizer.chat_template')
  return {
    add_bos_token: metadata.flag('tokenizer.ggml.add_bos_token') ?? pre.addBos,
    add_eos_token: metadata.flag('tokenizer.ggml.add_eos_token') ?? false,
    clean_up_tokenization_spaces: false,
    ...(bos === undefined ? {} : { bos_token: bos }),
    ...(eos === undefined ? {} : { eos_token: eos }),
    ...(unk === undefined ? {} : { unk_token: unk }),
    ...(pad === undefined ? {} : { pad_token: pad }),
    ...(template === undefined ? {} : { chat_template: template }),
  }
}

/** Puts bos before and eos after a text, where the file asks for it. */
function framing(vocabulary: Vocabulary, config: TokenizerConfigJson): TemplateProcessing | null {
  const bos = config.add_bos_token ? config.bos_token : undefined
  const eos = config.add_eos_token ? config.eos_token : undefined
  if (bos === undefined && eos === undefined) return null
  const frame = (id: 'A' | 'B', type_id: number): TemplatePiece[] => [
    ...(bos === undefined ? [] : [{ SpecialToken: { id: bos, type_id } }]),
    { Sequence: { id, type_id } },
    ...(eos === undefined ? [] : [{ SpecialToken: { id: eos, type_id } }]),
  ]
  const special = [...new Set([bos, eos])].filter((token) => token !== undefined)
  return {
    type: 'TemplateProcessing',
    single: frame('A', 0),
    pair: [...frame('A', 0), ...frame('B', 1)],
    special_tokens: Object.fromEntries(
      special.map((token) => [token, { id: token, ids: [vocabulary.tokens.indexOf(token)], tokens: [token] }]),
    ),
  }
}
