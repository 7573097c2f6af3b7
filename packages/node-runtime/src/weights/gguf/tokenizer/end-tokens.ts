import type { GgufFile } from '../gguf-file.ts'
import { CONTROL } from './vocabulary.ts'

const END_KEYS = ['eos_token_id', 'eot_token_id', 'eom_token_id'] as const

/** Control tokens that end a text or a turn; a file names one of them as eos, and its model may end with any. */
const endSpellings: ReadonlySet<string> = new Set([
  '<|endoftext|>',
  '<|end_of_text|>',
  '<|im_end|>',
  '<|eot_id|>',
  '<|eom_id|>',
])

/** Ids that the metadata name as the end of a text or a turn. */
export const namedEnds = ({ metadata }: GgufFile): number[] => [
  ...new Set(END_KEYS.map((key) => metadata.size(`tokenizer.ggml.${key}`)).filter((id) => id !== undefined)),
]

/** Those, and the control tokens that mean an end by their spelling. */
export function allEnds(file: GgufFile): number[] {
  const types = file.metadata.numbers('tokenizer.ggml.token_type') ?? []
  const control = new Set(types.flatMap((type, id) => (type === CONTROL ? [id] : [])))
  const spelled = [...file.metadata.textsAt('tokenizer.ggml.tokens', control)]
  return [...new Set([...namedEnds(file), ...spelled.filter(([, token]) => endSpellings.has(token)).map(([id]) => id)])]
}
