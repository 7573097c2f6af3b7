export interface ByteTokenizerOptions {
  /** Pairs of pieces joined into one token, in the byte-level spelling, as `['h', 'e']`. Default: none */
  readonly merges?: readonly (readonly [string, string])[]
  /** Put the beginning-of-text token before every text. Default false */
  readonly addsStart?: boolean
}

/** tokenizer.json of a byte-level BPE: `<s>`, `</s>`, the 256 bytes in the spelling of GPT-2, then the merges. */
export function byteTokenizer({ merges = [], addsStart = false }: ByteTokenizerOptions = {}): Record<string, unknown> {
  const isPrintable = (byte: number): boolean => (byte > 32 && byte < 127) || (byte > 160 && byte !== 173)
  let unprintable = 0
  const bytes = Array.from({ length: 256 }, (_, byte) =>
    String.fromCharCode(isPrintable(byte) ? byte : 256 + unprintable++),
  )
  const vocabulary = ['<s>', '</s>', ...bytes, ...merges.map(([left, right]) => left + right)]
  const special = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true }
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true }
  const start = {
    type: 'TemplateProcessing',
    single: [{ SpecialToken: { id: '<s>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
    pair: [],
    special_tokens: { '<s>': { id: '<s>', ids: [0], tokens: ['<s>'] } },
  }
  return {
    version: '1.0',
    added_tokens: [
      { id: 0, content: '<s>', ...special },
      { id: 1, content: '</s>', ...special },
    ],
    normalizer: null,
    pre_tokenizer: byteLevel,
    post_processor: addsStart ? start : null,
    decoder: byteLevel,
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      vocab: Object.fromEntries(vocabulary.map((token, id) => [token, id])),
      merges: merges.map((pair) => pair.join(' ')),
    },
  }
}
