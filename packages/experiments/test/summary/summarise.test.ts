import { describe, expect, it } from 'vitest'
import { summarySchema } from '../../src/store/schema.ts'
import { summarise } from '../../src/summary/summarise.ts'
import { cells, decodings, manifest, summary } from './three-arms.ts'

describe('a summary', () => {
  it('fits its schema and comes out the same again', () => {
    expect(summarySchema.parse(summary)).toEqual(summary)
    expect(summarise({ manifest, decodings, cells, marginPoints: 5 })).toEqual(summary)
  })
})
