import { promptLookup as lookupDrafter } from '@dsd-lab/core'
import { z } from 'zod'
import { defineDrafter } from './define-drafter.ts'

const LONGEST = 16
const length = z.int().min(1).max(LONGEST)

/**
 * Drafts without a model: what followed the last tokens of the text where they occurred before (prompt lookup decoding). `ngram` is the
 * longest run of tokens that is looked up, `minNgram` the shortest; both in [1, 16], default 3 and 1.
 */
export const promptLookup = defineDrafter({
  name: 'prompt-lookup',
  parameters: {
    ngram: length.default(3).describe(`a whole number in [1, ${LONGEST}]`),
    minNgram: length.default(1).describe(`a whole number in [1, ${LONGEST}], at most ngram`),
  },
  create(options) {
    const drafter = lookupDrafter(options)
    return (request) => drafter.open(request)
  },
})
