/** As much of a `tokenizer.json` of byte-level BPE as matters here. */
interface ByteLevelJson {
  readonly pre_tokenizer: object | null
  readonly model: { readonly vocab: Readonly<Record<string, number>> }
}

/**
 * For `@huggingface/tokenizers` 0.2.0: SmolLM2's vocabulary lacks 21 of the 256 bytes. The Rust tokenizers drop such a byte and
 * then merge; the JavaScript ones merge first, so that its neighbours never meet. Here it is dropped before, by a step that only
 * the JavaScript ones know: this is for encoding, not for a file that others read.
 */
export function droppingMissingBytes<Json extends ByteLevelJson>(json: Json): Json {
  const missing = byteAlphabet().filter((character) => !Object.hasOwn(json.model.vocab, character))
  if (missing.length === 0) return json
  const codes = missing.map((character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
  const drop = { type: 'Replace', pattern: { Regex: `[${codes.join('')}]` }, content: '' }
  const before = json.pre_tokenizer === null ? [] : [json.pre_tokenizer]
  return { ...json, pre_tokenizer: { type: 'Sequence', pretokenizers: [...before, drop] } }
}

/** The characters that stand for bytes (GPT-2's `bytes_to_unicode`): printable ones for themselves, the rest from U+0100 up. */
function byteAlphabet(): string[] {
  const printable = (byte: number): boolean => (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad)
  let others = 0
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(printable(byte) ? byte : 0x100 + others++))
}
