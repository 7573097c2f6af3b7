import { openModel } from '@dsd-lab/node-runtime'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type DrafterContext, defineDrafter } from '../../src/drafters/define-drafter.ts'
import { promptLookup } from '../../src/drafters/prompt-lookup.ts'
import { drafterLabel, drafterNamed, registerDrafter } from '../../src/drafters/registry.ts'

const context: DrafterContext = {
  vocabSize: 8,
  tokenizer: await (await openModel('bundled:lab-target')).tokenizer(),
}
const request = { seed: 1, sequence: 0, sampling: { temperature: 0 }, drafting: 'coupled', needs: 'ids' } as const

/** Counts on from the last id, `stride` at a time. */
const counting = defineDrafter({
  name: 'counting',
  parameters: {
    stride: z.int().gte(1).default(1).describe('a whole number of at least 1'),
    steps: z.number().default(0),
  },
  create:
    ({ stride, steps }) =>
    () => ({
      propose: (text, { gamma }) => ({
        tokens: Array.from({ length: gamma }, (_, index) => (text.at(-1) ?? 0) + stride * (index + 1)),
        steps,
      }),
    }),
})

describe("a drafter of one's own", () => {
  it('drafts with the parameters of its spec, and costs nothing that it does not count', async () => {
    await using drafter = await counting.open(counting({ stride: 2 }), context)
    const session = await drafter.open(request)
    expect(await session.propose([1], { gamma: 3 })).toEqual({ tokens: [3, 5, 7], steps: 0 })
    await session.close()
  })

  it('is refused a window that is too long, an id that the target does not have, a cost that is no number', async () => {
    const drafted = async (parameters: { stride?: number; steps?: number }, gamma: number) => {
      await using drafter = await counting.open(counting(parameters), context)
      return (await drafter.open(request)).propose([1], { gamma })
    }
    await expect(drafted({ stride: 3 }, 3)).rejects.toThrow('drafted token 10, not one of 8')
    await expect(drafted({ steps: 0.5 }, 1)).rejects.toThrow('counted 0.5 steps, not a whole number')
    const long = defineDrafter({
      name: 'long',
      parameters: {},
      create: () => () => ({ propose: () => ({ tokens: [1, 2, 3] }) }),
    })
    await using drafter = await long.open(long(), context)
    const session = await drafter.open(request)
    await expect(session.propose([1], { gamma: 2 })).rejects.toThrow('drafted 3 tokens where 2 were asked for')
  })

  it('names a parameter that is wrong or unknown, with what is allowed', () => {
    expect(() => counting.parse({ kind: 'counting', stride: 0 })).toThrow(
      expect.objectContaining({ where: 'counting.stride', fix: 'give a whole number of at least 1' }),
    )
    expect(() => counting.parse({ kind: 'counting', strid: 1 })).toThrow(
      expect.objectContaining({ where: 'counting.strid', fix: 'did you mean stride?' }),
    )
  })

  it('has no parameter that would stand where its name does', () => {
    const create = () => () => ({ propose: () => ({ tokens: [] }) })
    // @ts-expect-error the type refuses it too
    const define = () => defineDrafter({ name: 'odd', parameters: { kind: z.string() }, create })
    expect(define).toThrow('a parameter is called kind')
  })

  it('is known by its name once registered, and one name is one drafter', () => {
    expect(() => drafterNamed({ kind: 'countng' })).toThrow('unknown drafter "countng"')
    registerDrafter(counting)
    registerDrafter(counting)
    expect(drafterNamed({ kind: 'counting' })).toBe(counting)
    const other = defineDrafter({
      name: 'counting',
      parameters: {},
      create: () => () => ({ propose: () => ({ tokens: [] }) }),
    })
    expect(() => registerDrafter(other)).toThrow('a drafter named counting exists already')
  })

  it('has its defaults in its label', () => {
    expect(drafterLabel(counting.parse(counting()))).toBe('counting(stride 1, steps 0)')
    expect(drafterLabel(promptLookup.parse(promptLookup({ ngram: 2 })))).toBe('prompt-lookup(ngram 2, minNgram 1)')
  })
})
