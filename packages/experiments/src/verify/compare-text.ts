import { autoregressive, type Drafter, fixedWindow, speculative, type Target, type TokenId } from '@dsd-lab/core'
import type { TextTokenizer } from '@dsd-lab/node-runtime'
import type { Combination, Divergence, NumberedPrompt } from './grid.ts'

/** The text of plain decoding, with the margin of every choice. */
export interface Reference {
  readonly ids: readonly TokenId[]
  readonly marginNats: readonly (number | undefined)[]
}

export interface TextSetting {
  readonly target: Target
  readonly tokenizer: TextTokenizer
  readonly prompt: NumberedPrompt
  readonly seed: number
}

/** Plain autoregressive decoding. */
export async function referenceText({
  target,
  tokenizer,
  prompt,
  seed,
  temperature,
}: TextSetting & { readonly temperature: number }): Promise<Reference> {
  const ids: TokenId[] = []
  const marginNats: (number | undefined)[] = []
  const decoding = autoregressive({
    target,
    prompt: tokenizer.encode(prompt.text),
    sampling: { temperature },
    seed,
    sequence: prompt.sequence,
    maxTokens: prompt.maxTokens,
    annotate: true,
  })
  for await (const { tokens, annotations } of decoding) {
    ids.push(...tokens)
    marginNats.push(...tokens.map((_, place) => annotations[place]?.marginNats))
  }
  return { ids, marginNats }
}

/** Decodes speculatively and compares id by id; undefined when the texts are equal. */
export async function compareText({
  target,
  tokenizer,
  prompt,
  seed,
  drafter,
  combination,
  reference,
  live,
}: TextSetting & {
  readonly drafter: Drafter
  readonly combination: Combination
  readonly reference: Reference
  readonly live: boolean
}): Promise<Divergence | undefined> {
  const { rule, gamma, temperature } = combination
  const ids: TokenId[] = []
  const decoding = speculative({
    target,
    drafter,
    rule: { name: rule },
    window: fixedWindow(gamma),
    prompt: tokenizer.encode(prompt.text),
    sampling: { temperature },
    seed,
    sequence: prompt.sequence,
    maxTokens: prompt.maxTokens,
  })
  for await (const { tokens } of decoding) ids.push(...tokens)
  const length = Math.max(ids.length, reference.ids.length)
  for (let place = 0; place < length; place++) {
    const [expected, found] = [reference.ids[place], ids[place]]
    if (expected === found) continue
    return { item: prompt.item, combination, live, place, expected, found, marginNats: reference.marginNats[place] }
  }
  return undefined
}
