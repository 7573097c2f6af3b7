import {
  autoregressive,
  type Commit,
  commitEvent,
  type Drafter,
  DsdError,
  fixedWindow,
  loadOfRound,
  type RuleSpec,
  roundEvent,
  type Sampling,
  speculative,
  type TokenId,
  type TraceEvent,
  type TraceEventOf,
} from '@dsd-lab/core'
import type { TextTokenizer } from '@dsd-lab/node-runtime'
import type { PutPrompt } from '../put-prompts.ts'
import type { ModelPair } from './model-pair.ts'
import type { DecodedText } from './text-entry.ts'

export interface TextRequest {
  readonly prompt: PutPrompt
  /** Id of the item, for errors. */
  readonly item: string
  readonly maxTokens: number
  readonly sampling: Sampling
  readonly seed: number
  readonly sequence: number
}

/** A rule along fixed windows; absent: plain decoding, recorded for replay. */
export interface SpeculativeRequest extends TextRequest {
  readonly rule: RuleSpec
  readonly gamma: number
}

/** Told after every round, with the number of tokens that it committed. */
export type TokensCommitted = (tokens: number) => void

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
    ...shared(request),
    prompt,
    maxTokens,
  })
  for await (const commit of decoding) {
    append({ commit, events, text })
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
  for await (const commit of autoregressive({ target, ...shared(request), prompt, maxTokens })) {
    append({ commit, events, text })
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

function shared({ sampling, seed, sequence }: TextRequest) {
  return { sampling, seed, sequence, annotate: true } as const
}

function framed(
  { tokenizer, maxLength }: ModelPair,
  { prompt, item, maxTokens }: TextRequest,
): { readonly prompt: TokenId[]; readonly maxTokens: number } {
  const ids = tokenizer.encode(prompt.text, { specialTokens: prompt.specialTokens })
  if (ids.length >= maxLength) {
    throw new DsdError(`its prompt takes ${ids.length} of the ${maxLength} tokens that the models can hold`, {
      kind: 'bad-input',
      where: item,
      fix: 'choose shorter items or a model with a longer context',
    })
  }
  return { prompt: ids, maxTokens: Math.min(maxTokens, maxLength - ids.length) }
}

function append({
  commit,
  events,
  text,
}: {
  readonly commit: Commit
  readonly events: TraceEvent[]
  readonly text: TokenId[]
}): void {
  const [window] = loadOfRound(commit.round).windows
  const extraBytes = (window?.extraBytes ?? 0) + (commit.round.index === 0 ? WITHOUT_ANNOTATIONS : 0)
  const round = cutAtEnd(roundEvent(commit.round), commit.tokens)
  events.push({ ...round, ...(extraBytes === 0 ? {} : { extraBytes }) }, commitEvent(commit))
  text.push(...commit.tokens)
}

// Annotations are for reading a run: its times are those of sessions that do not ask for them, and say so in their opening.
const WITHOUT_ANNOTATIONS = '"annotate":false'.length - '"annotate":true'.length

/** Leaves out what a round decided behind the end of the text: it was never asked for, and a replay cannot know it. */
function cutAtEnd(round: TraceEventOf<'round'>, tokens: readonly TokenId[]): TraceEventOf<'round'> {
  if (round.accepted < tokens.length) return round
  const drafted = round.drafted.slice(0, tokens.length)
  return { ...round, drafted, accepted: tokens.length, next: tokens.at(-1) ?? round.next }
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

function drafterOf({ drafter }: ModelPair): Drafter {
  if (drafter === undefined) throw new RangeError('this decoding drafts, and no draft model was loaded')
  return drafter
}

/** The text and its cut by token; together the pieces are the text. */
export function written(tokenizer: TextTokenizer, ids: readonly TokenId[]): Pick<DecodedText, 'text' | 'pieces'> {
  const decoder = tokenizer.streamDecoder()
  const pieces = ids.map((id) => decoder.push([id]))
  const rest = decoder.flush()
  const last = pieces.pop()
  if (last !== undefined) pieces.push(last + rest)
  return { text: pieces.join(''), pieces }
}
