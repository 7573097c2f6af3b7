import { autoregressive, type Drafter, type TokenId, type TraceEvent } from '@dsd-lab/core'
import { appendCommit } from './append-commit.ts'
import type { ModelPair } from './model-pair.ts'
import type { DecodedText } from './text-entry.ts'
import { framed, type TextRequest, type TokensCommitted, textOptions } from './text-request.ts'
import { written } from './written.ts'

/**
 * Decodes one prompt without drafting and asks the draft model, if there is one, what it would say after every prefix of the text:
 * all that lossless windows of any size are replayed from.
 */
export async function recordText(
  pair: ModelPair,
  request: TextRequest,
  committed: TokensCommitted = () => {},
): Promise<DecodedText> {
  const { target, tokenizer, drafter, draftsFromText } = pair
  const { prompt, maxTokens } = framed(pair, request)
  const events: TraceEvent[] = []
  const text: TokenId[] = []
  for await (const commit of autoregressive({ target, ...textOptions(request), prompt, maxTokens })) {
    appendCommit({ commit, events, text })
    committed(commit.tokens.length)
  }
  const drafts = drafter === undefined || draftsFromText ? null : await draftAlong({ drafter, request, prompt, text })
  return {
    promptTokens: prompt.length,
    maxLength: prompt.length + maxTokens,
    events,
    drafts,
    ...written(tokenizer, text),
  }
}

/** The drafted token at each place of the text, drawn as a coupled drafter draws. `[text]` */
async function draftAlong({
  drafter,
  request: { sampling, seed, sequence },
  prompt,
  text,
}: {
  readonly drafter: Drafter
  readonly request: TextRequest
  readonly prompt: readonly TokenId[]
  readonly text: readonly TokenId[]
}): Promise<TokenId[]> {
  const session = await drafter.open({ sampling, seed, sequence, drafting: 'coupled', needs: 'ids' })
  try {
    if (session.proposeAlong !== undefined) return await session.proposeAlong(prompt, text)
    const context = [...prompt]
    const drafts: TokenId[] = []
    for (const token of text) {
      const { tokens } = await session.propose(context, { gamma: 1 })
      const [draft] = tokens
      if (draft === undefined) throw new RangeError(`${drafter.name} drafts nothing after ${context.length} tokens`)
      drafts.push(draft)
      context.push(token)
    }
    return drafts
  } finally {
    await session.close()
  }
}
