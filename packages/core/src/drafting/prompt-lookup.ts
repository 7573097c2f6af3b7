import { DsdError } from '../errors.ts'
import type { TokenId } from '../tokens.ts'
import type { Drafter } from './drafter.ts'

export interface PromptLookupOptions {
  /** Longest suffix of the text that is looked up. Integer of at least 1, default 3. */
  readonly ngram?: number
  /** Shortest one. From 1 to `ngram`, default 1. */
  readonly minNgram?: number
}

/**
 * Drafts by repetition: finds the latest earlier place where the last tokens of the text occurred and proposes what
 * followed there (prompt lookup decoding). No model and no chance: under a rule that asks for the draft law, the law is
 * all mass on the proposed token.
 */
export function promptLookup({ ngram = 3, minNgram = 1 }: PromptLookupOptions = {}): Drafter {
  if (!Number.isInteger(ngram) || !Number.isInteger(minNgram) || minNgram < 1 || ngram < minNgram) {
    throw new DsdError(`cannot look up ${minNgram} to ${ngram} tokens`, {
      kind: 'bad-input',
      where: 'ngram',
      fix: 'give integers with 1 <= minNgram <= ngram',
    })
  }
  return {
    name: `prompt-lookup(${ngram})`,
    async open() {
      return {
        async propose(context, { gamma }) {
          return { tokens: continuation({ context, ngram, minNgram }).slice(0, gamma), steps: 0 }
        },
        async close() {},
      }
    },
    async [Symbol.asyncDispose]() {},
  }
}

interface Lookup extends Required<PromptLookupOptions> {
  readonly context: readonly TokenId[]
}

/** What followed the latest earlier occurrence of the longest suffix that has one; empty when none has. */
function continuation({ context, ngram, minNgram }: Lookup): readonly TokenId[] {
  for (let size = Math.min(ngram, context.length - 1); size >= minNgram; size--) {
    const suffix = context.length - size
    for (let start = suffix - 1; start >= 0; start--) {
      if (matches({ context, start, suffix, size })) return context.slice(start + size)
    }
  }
  return []
}

interface Candidate {
  readonly context: readonly TokenId[]
  readonly start: number
  readonly suffix: number
  readonly size: number
}

function matches({ context, start, suffix, size }: Candidate): boolean {
  for (let offset = 0; offset < size; offset++) {
    if (context[start + offset] !== context[suffix + offset]) return false
  }
  return true
}
