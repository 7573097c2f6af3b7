import { resolveRule } from '@dsd-lab/acceptance'
import { inProcessTarget } from '@dsd-lab/core'
import { loadDrafter, loadModel, openModel } from '@dsd-lab/node-runtime'
import { describe, expect, it } from 'vitest'
import { loadTask } from '../../src/datasets/index.ts'
import { compareText, referenceText } from '../../src/verify/compare-text.ts'
import { combinations, type Divergence, type NumberedPrompt } from '../../src/verify/grid.ts'
import { verifyShare } from '../../src/verify/share.ts'

const pair = { targetRef: 'bundled:lab-target', draftRef: 'bundled:lab-draft' }
const prompts: NumberedPrompt[] = loadTask('programs', { limit: 2 })
  .items.slice(1)
  .map(({ id, prompt }) => ({ item: id, sequence: 1, text: prompt, maxTokens: 24 }))
const patience = 240_000

describe('verify-lossless', () => {
  it('the grid has greedy beside coupled at temperature 0 only', () => {
    const all = combinations({ nodes: [1, 2], gammas: [1, 2, 4], temperatures: [0, 0.8], seed: 1 })
    expect(all).toHaveLength(2 * 3 * 3)
    expect(all.filter(({ rule, temperature }) => rule === 'greedy' && temperature > 0)).toEqual([])
  })

  it(
    'finds every id equal over really cut shards',
    async () => {
      const told: (Divergence | undefined)[] = []
      const grid = { nodes: [3], gammas: [1, 4], temperatures: [0, 0.8], seed: 7 }
      await verifyShare({ ...pair, grid, prompts }, (divergence) => told.push(divergence))
      expect(told).toEqual(Array.from({ length: 6 }, () => undefined))
    },
    patience,
  )

  it(
    'would find a text that differs: its first place, both ids, and the margin there',
    async () => {
      const model = await openModel(pair.targetRef)
      const tokenizer = await model.tokenizer()
      await using drafter = await loadDrafter({ model: pair.draftRef })
      await using whole = await loadModel({ model })
      const target = inProcessTarget({ name: model.ref, shards: [whole], resolveRule, eos: model.config.eos })
      const [prompt] = prompts
      if (prompt === undefined) throw new Error('the task has no items')
      const reference = await referenceText({ target, tokenizer, prompt, seed: 7, temperature: 0.8 })
      const place = 5
      const wrong = { ...reference, ids: reference.ids.map((id, index) => (index === place ? id + 1 : id)) }
      const combination = { nodes: 1, gamma: 4, temperature: 0.8, rule: 'coupled' } as const
      const setting = { target, tokenizer, prompt, seed: 7, drafter, combination, live: false }
      expect(await compareText({ ...setting, reference })).toBeUndefined()
      expect(await compareText({ ...setting, reference: wrong })).toEqual({
        item: prompt.item,
        combination,
        live: false,
        place,
        expected: wrong.ids[place],
        found: reference.ids[place],
        marginNats: expect.any(Number),
      })
    },
    patience,
  )
})
