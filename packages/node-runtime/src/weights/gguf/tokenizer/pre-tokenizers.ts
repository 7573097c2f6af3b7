/** How text is cut into words before merging, by the name in `tokenizer.ggml.pre`. */
export interface PreTokenizer {
  /** Patterns in the order in which they cut; each match is a piece, and so is what lies between two. */
  readonly patterns: readonly string[]
  /** Unicode NFC before anything else: Qwen's own tokenizer does it, though no GGUF file says so. */
  readonly normalise: boolean
  /** A word that is in the vocabulary is one token, whatever the merges make of it. */
  readonly wholeWords: boolean
  /** Whether a text begins with the bos token where `tokenizer.ggml.add_bos_token` does not say. */
  readonly addBos: boolean
}

// These are facts of the published tokenizers (`pre_tokenizer` in their tokenizer.json); \s, \p{N} and (?i: as Oniguruma has them.
const gpt2Words = `'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+`
const cl100kWords = (digits: string): string =>
  `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`

const plain = { normalise: false, wholeWords: false, addBos: false }

export const preTokenizers: ReadonlyMap<string, PreTokenizer> = new Map([
  ['gpt-2', { ...plain, patterns: [gpt2Words] }],
  ['smollm', { ...plain, patterns: ['\\p{N}', gpt2Words] }],
  ['qwen2', { ...plain, patterns: [cl100kWords('\\p{N}')], normalise: true }],
  ['llama-bpe', { ...plain, patterns: [cl100kWords('\\p{N}{1,3}')], wholeWords: true, addBos: true }],
])
