import { type Drafter, fixedWindow, speculative, type TokenId, type TraceEvent } from '@dsd-lab/core'
import { appendCommit } from './append-commit.ts'
import type { ModelPair } from './model-pair.ts'
import type { DecodedText } from './text-entry.ts'
import { framed, type SpeculativeRequest, type TokensCommitted, textOptions } from './text-request.ts'
import { written } from './written.ts'

/** Decodes one prompt for real under a rule. */
export async function decodeText(
  pair: ModelPair,
  request: SpeculativeRequest,
  committed: TokensCommitted = () => {},
): Promise<DecodedText> {
  const { target, tokenizer } = pair
  const { rule, gamma } = request
  const { prompt, maxTokens } = framed(pair, request)
  const events: TraceEvent[] = []
  const text: TokenId[] = []
  const decoding = speculative({
    target,
    drafter: drafterOf(pair),
    rule,
    window: fixedWindow(gamma),
    ...textOptions(request),
    prompt,
    maxTokens,
  })
  for await (const commit of decoding) {
    appendCommit({ commit, events, text })
    committed(commit.tokens.length)
  }
  return {
    promptTokens: prompt.length,
    maxLength: prompt.length + maxTokens,
    events,
    drafts: null,
    ...written(tokenizer, text),
  }
}

function drafterOf({ drafter }: ModelPair): Drafter {
  if (drafter === undefined) throw new RangeError('this decoding drafts, and no draft model was loaded')
  return drafter
}
