import { autoregressive } from '../decoding/autoregressive.ts'
import type { TextOptions } from '../decoding/text-request.ts'
import type { Drafter, DraftSession } from '../drafting/drafter.ts'
import { DsdError } from '../errors.ts'
import { greedySampling, type TokenId } from '../tokens.ts'
import type { RecordedConfidences, RecordedPass } from './recorded-pass.ts'

export interface RecordPassOptions extends TextOptions {
  readonly drafter: Drafter
  /** Largest window of a confidence stop to be replayed; 0 records no confidences. Default 0. */
  readonly confidenceDepth?: number
}

/**
 * Decodes a text once without drafting and asks the drafter what it would have said after each of its prefixes, drawn as a coupled
 * drafter draws: all that `replayRounds` and `replayText` need.
 *
 * @throws DsdError as decoding does, and `bad-input` when the drafter has no opinion or, where one is asked for, no confidence.
 */
export async function recordPass(options: RecordPassOptions): Promise<RecordedPass> {
  const { target, drafter, prompt, seed, sequence = 0, sampling = greedySampling, confidenceDepth = 0 } = options
  const text: TokenId[] = []
  for await (const { tokens } of autoregressive(options)) text.push(...tokens)
  const maxLength = Math.min(prompt.length + (options.maxTokens ?? target.info.maxLength), target.info.maxLength)
  const session = await drafter.open({ seed, sequence, sampling, drafting: 'coupled', needs: 'ids' })
  try {
    const place = { session, name: drafter.name, prompt, text, maxLength }
    const { drafts, along } = await draftsAlong(place)
    const shared = { promptTokens: prompt.length, text, drafts, maxLength }
    if (confidenceDepth === 0) return shared
    return { ...shared, confidences: { along, beside: await confidencesBeside(place, drafts, confidenceDepth) } }
  } finally {
    await session.close()
  }
}

interface Recording {
  readonly session: DraftSession
  readonly name: string
  readonly prompt: readonly TokenId[]
  readonly text: readonly TokenId[]
  readonly maxLength: number
}

async function draftsAlong({ session, name, prompt, text }: Recording): Promise<{
  readonly drafts: TokenId[]
  readonly along: number[]
}> {
  const context = [...prompt]
  const drafts: TokenId[] = []
  const along: number[] = []
  for (const token of text) {
    const { tokens, confidences } = await session.propose(context, { gamma: 1 })
    const [draft] = tokens
    if (draft === undefined) {
      throw new DsdError(`drafts nothing after ${context.length} tokens`, {
        kind: 'bad-input',
        where: `drafter ${name}`,
        fix: 'record with a drafter that always drafts, such as a model',
      })
    }
    drafts.push(draft)
    along.push(confidences?.[0] ?? Number.NaN)
    context.push(token)
  }
  return { drafts, along }
}

async function confidencesBeside(
  { session, name, prompt, text, maxLength }: Recording,
  drafts: readonly TokenId[],
  depth: number,
): Promise<RecordedConfidences['beside']> {
  const beside: number[][] = []
  for (let place = 0; place <= text.length; place++) {
    const draft = drafts[place]
    const own = draft === undefined ? [] : [draft]
    const context = [...prompt, ...text.slice(0, place), ...own]
    const gamma = Math.min(depth - own.length, maxLength - 1 - context.length)
    if ((draft !== undefined && draft === text[place]) || gamma <= 0) {
      beside.push([])
      continue
    }
    const { confidences } = await session.propose(context, { gamma })
    if (confidences === undefined) {
      throw new DsdError('has no confidences', {
        kind: 'bad-input',
        where: `drafter ${name}`,
        fix: 'record with confidenceDepth 0',
      })
    }
    beside.push([...confidences])
  }
  return beside
}
