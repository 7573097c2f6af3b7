import { turn } from '../clock/turn.ts'
import type { Distribution } from '../distribution/distribution.ts'
import { argmaxLogit, softmaxProbability } from '../distribution/logits.ts'
import { quantise } from '../distribution/quantise.ts'
import { sampleToken } from '../distribution/sample.ts'
import { pointMass } from '../distribution/sparse.ts'
import { softmax, warp } from '../distribution/warp.ts'
import { DsdError } from '../errors.ts'
import type { ShardCompute, ShardSession } from '../protocol/shard-compute.ts'
import { draftNoise } from '../random/noise.ts'
import type { TokenId } from '../tokens.ts'
import type { Drafter, DraftSession, DraftSessionRequest, DraftWindow, WindowPlan } from './drafter.ts'

export interface ModelDrafterOptions {
  /** The whole draft model as one shard: it embeds and is the tail. Disposed with the drafter. */
  readonly compute: ShardCompute
  readonly name: string
  /** Tokens kept of each draft law when the rule asks for it, 1..255. Default 32. */
  readonly support?: number
}

/**
 * Drafts with a model, one forward pass a token, in whatever mode the rule asks for. Disposing of it disposes of `compute`, unlike
 * `inProcessTarget`, which leaves its shards open.
 *
 * @throws DsdError `bad-input` when `compute` is a part of a model.
 */
export function modelDrafter({ compute, name, support = 32 }: ModelDrafterOptions): Drafter {
  if (!compute.embeds || !compute.tail) {
    throw new DsdError('a draft model must be whole', {
      kind: 'bad-input',
      where: `drafter ${name}`,
      fix: 'load all its layers as one shard',
    })
  }
  return {
    name,
    open: async (request) => new ModelDraftSession({ compute, support, request }),
    [Symbol.asyncDispose]: () => compute[Symbol.asyncDispose](),
  }
}

/** Places read in one pass along a text: bounds the logits held at once, 20 MB at a vocabulary of 152 000. */
const ROWS_ALONG = 32

interface SessionParts {
  readonly compute: ShardCompute
  readonly support: number
  readonly request: DraftSessionRequest
}

class ModelDraftSession implements DraftSession {
  readonly #request: DraftSessionRequest
  readonly #compute: ShardCompute
  readonly #support: number
  readonly #cache: ShardSession
  readonly #noise: ReturnType<typeof draftNoise>
  /** The tokens whose KV rows the cache holds. */
  #fed: TokenId[] = []

  constructor({ compute, support, request }: SessionParts) {
    this.#request = request
    this.#compute = compute
    this.#support = support
    this.#cache = compute.openSession()
    this.#noise = draftNoise(request)
  }

  async propose(
    context: readonly TokenId[],
    { gamma, stopBelow = 0 }: WindowPlan,
    stop?: AbortSignal,
  ): Promise<DraftWindow> {
    const tokens: TokenId[] = []
    const distributions: Distribution[] = []
    const confidences: number[] = []
    // The last drafted token is never fed, so the text may grow one past the cache.
    const room = context.length === 0 ? 0 : this.#compute.maxLength - context.length + 1
    while (tokens.length < Math.min(gamma, room)) {
      const text = [...context, ...tokens]
      const logits = await this.#logitsAfter(text)
      const { token, law } = this.#draw(logits, text.length)
      const confidence = softmaxProbability(logits, token)
      tokens.push(token)
      distributions.push(law)
      confidences.push(confidence)
      if (confidence < stopBelow) break
      // Beside a round under way: an engine on this thread would keep its verdict waiting.
      if (stop !== undefined) await turn()
      if (stop?.aborted) break
    }
    const window = { tokens, confidences, steps: tokens.length }
    return this.#request.needs === 'distribution' ? { ...window, distributions } : window
  }

  async proposeAlong(context: readonly TokenId[], text: readonly TokenId[]): Promise<TokenId[]> {
    const tokens: TokenId[] = []
    const whole = [...context, ...text]
    while (tokens.length < text.length) {
      const from = context.length + tokens.length
      const to = Math.min(from + ROWS_ALONG, whole.length)
      const logits = await this.#logitsOfRows(whole.slice(0, to - 1), from - 1)
      const width = logits.length / (to - from)
      for (let position = from; position < to; position++) {
        const row = logits.subarray((position - from) * width, (position - from + 1) * width)
        tokens.push(this.#draw(row, position).token)
      }
    }
    return tokens
  }

  async close(): Promise<void> {
    this.#cache.close()
  }

  /** Logits of the row after `text`. `[vocab]` */
  #logitsAfter(text: readonly TokenId[]): Promise<Float32Array> {
    return this.#logitsOfRows(text, text.length - 1)
  }

  /** Logits of the rows of `text` from place `first` on; rows of rejected drafts are overwritten, these always run again. `[text - first, vocab]` */
  async #logitsOfRows(text: readonly TokenId[], first: number): Promise<Float32Array> {
    const start = Math.min(commonPrefix(this.#fed, text), this.#cache.length, first)
    const ids = text.slice(start)
    this.#fed = this.#fed.slice(0, start)
    const output = await this.#cache.forward({ start, input: { kind: 'ids', ids }, logitsFrom: first - start })
    if (output.kind !== 'logits') throw noLogits()
    this.#fed = [...text]
    return output.logits
  }

  #draw(logits: Float32Array, position: number): { token: TokenId; law: Distribution } {
    const { sampling, drafting, needs } = this.#request
    if (drafting === 'greedy' || sampling.temperature === 0) {
      const token = argmaxLogit(logits, position)
      const compared = sampling.temperature === 0 && needs === 'distribution'
      return {
        token,
        law: compared ? quantise(softmax(logits, position), this.#support) : pointMass(token, logits.length),
      }
    }
    const warped = warp(logits, sampling, position)
    const law = needs === 'distribution' ? quantise(warped, this.#support) : warped
    return { token: sampleToken(law, this.#noise.at(position)), law }
  }
}

function commonPrefix(a: readonly TokenId[], b: readonly TokenId[]): number {
  let length = 0
  while (length < a.length && a[length] === b[length]) length++
  return length
}

function noLogits(): DsdError {
  return new DsdError('the draft model answered hidden states instead of logits', {
    kind: 'environment',
    where: 'drafter',
    fix: 'load it as a tail shard',
  })
}
