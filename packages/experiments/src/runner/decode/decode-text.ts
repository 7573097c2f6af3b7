import { type Drafter, fixedWindow, speculative, type TokenId, type TraceEvent } from '@dsd-lab/core'
import { appendCommit } from './append-commit.ts'
import { guessedDrafts } from './guessed-drafts.ts'
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
  const { prompt, maxTokens } = framed(pair, request)
  const { events, text } = await decodeRounds({ pair, request, prompt, maxTokens, committed })
  return {
    promptTokens: prompt.length,
    maxLength: prompt.length + maxTokens,
    events,
    drafts: null,
    ...written(pair.tokenizer, text),
  }
}

/** The rounds after `prompt`, and the tokens that they added; with what the whole text resembles, in fewer passes of the draft model. */
export async function decodeRounds({
  pair,
  request,
  prompt,
  maxTokens,
  committed,
  known,
}: {
  readonly pair: ModelPair
  readonly request: SpeculativeRequest
  readonly prompt: readonly TokenId[]
  readonly maxTokens: number
  readonly committed: TokensCommitted
  readonly known?: { readonly promptTokens: number; readonly resembles: readonly TokenId[] }
}): Promise<{ readonly events: TraceEvent[]; readonly text: TokenId[] }> {
  const events: TraceEvent[] = []
  const text: TokenId[] = []
  const drafter = drafterOf(pair)
  const decoding = speculative({
    target: pair.target,
    drafter: known === undefined ? drafter : guessedDrafts({ drafter, ...known }),
    rule: request.rule,
    window: fixedWindow(request.gamma),
    draftAhead: request.draftAhead,
    ...textOptions(request),
    prompt,
    maxTokens,
  })
  for await (const commit of decoding) {
    appendCommit({ commit, events, text })
    committed(commit.tokens.length)
  }
  return { events, text }
}

function drafterOf({ drafter }: ModelPair): Drafter {
  if (drafter === undefined) throw new RangeError('this decoding drafts, and no draft model was loaded')
  return drafter
}
