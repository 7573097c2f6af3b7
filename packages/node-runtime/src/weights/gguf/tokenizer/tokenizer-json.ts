/** The part of Hugging Face's `tokenizer.json` that byte-level BPE needs. Serialises to a file that other readers load too. */
export interface TokenizerJson {
  readonly version: '1.0'
  readonly truncation: null
  readonly padding: null
  readonly added_tokens: readonly AddedToken[]
  readonly normalizer: { readonly type: 'NFC' } | null
  readonly pre_tokenizer: { readonly type: 'Sequence'; readonly pretokenizers: readonly (SplitStep | ByteLevelStep)[] }
  readonly post_processor: TemplateProcessing | null
  readonly decoder: ByteLevelStep
  readonly model: {
    readonly type: 'BPE'
    readonly dropout: null
    readonly unk_token: null
    readonly continuing_subword_prefix: null
    readonly end_of_word_suffix: null
    readonly fuse_unk: false
    readonly byte_fallback: false
    readonly ignore_merges: boolean
    readonly vocab: Readonly<Record<string, number>>
    readonly merges: readonly (readonly [left: string, right: string])[]
  }
}

/** A token that is found in a text before anything else is done to it. */
export interface AddedToken {
  readonly id: number
  readonly content: string
  readonly single_word: false
  readonly lstrip: false
  readonly rstrip: false
  readonly normalized: false
  /** Steers the model and is no text: left out by `skip_special_tokens`. */
  readonly special: boolean
}

export interface SplitStep {
  readonly type: 'Split'
  readonly pattern: { readonly Regex: string }
  readonly behavior: 'Isolated'
  readonly invert: false
}

export interface ByteLevelStep {
  readonly type: 'ByteLevel'
  readonly add_prefix_space: false
  readonly trim_offsets: boolean
  readonly use_regex: false
}

export interface TemplateProcessing {
  readonly type: 'TemplateProcessing'
  readonly single: readonly TemplatePiece[]
  readonly pair: readonly TemplatePiece[]
  readonly special_tokens: Readonly<
    Record<string, { readonly id: string; readonly ids: readonly number[]; readonly tokens: readonly string[] }>
  >
}

export type TemplatePiece =
  | { readonly SpecialToken: { readonly id: string; readonly type_id: number } }
  | { readonly Sequence: { readonly id: 'A' | 'B'; readonly type_id: number } }

/** The fields of `tokenizer_config.json` that matter for decoding a model. */
export interface TokenizerConfigJson {
  readonly add_bos_token: boolean
  readonly add_eos_token: boolean
  readonly clean_up_tokenization_spaces: false
  readonly bos_token?: string
  readonly eos_token?: string
  readonly unk_token?: string
  readonly pad_token?: string
  /** Jinja source. */
  readonly chat_template?: string
}
