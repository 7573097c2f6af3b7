import type { SessionRequest } from '../decoding/target.ts'
import { DsdError } from '../errors.ts'
import { isToken } from '../tokens.ts'

/** Refuses what no target can decode. */
export function checkRequest(
  { prompt, maxLength, eos }: SessionRequest,
  target: { readonly name: string; readonly vocabSize: number; readonly maxLength: number },
): void {
  const wrong = (where: string, what: string, fix: string) => new DsdError(what, { kind: 'bad-input', where, fix })
  if (prompt.length === 0)
    throw wrong('prompt', 'is empty', 'give at least one token, the begin-of-text token if need be')
  const stranger = [...prompt, ...eos].find((id) => !isToken(id, target.vocabSize))
  if (stranger !== undefined) {
    throw wrong(
      'prompt',
      `token ${stranger} is not in 0..${target.vocabSize - 1}`,
      `use the tokenizer of ${target.name}`,
    )
  }
  if (!Number.isInteger(maxLength) || maxLength > target.maxLength) {
    throw wrong('maxLength', `${maxLength} positions`, `${target.name} has at most ${target.maxLength}`)
  }
  if (prompt.length >= maxLength) {
    throw wrong('prompt', `${prompt.length} tokens fill the length of ${maxLength}`, 'shorten it or raise maxTokens')
  }
}
