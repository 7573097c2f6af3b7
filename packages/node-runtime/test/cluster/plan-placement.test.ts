import { describe, expect, it } from 'vitest'
import { planPlacement } from '../../src/cluster/plan-placement.ts'
import { openModel } from '../../src/models/model-source.ts'
import { storedBytes } from '../../src/models/stored-bytes.ts'

/** 28 layers of 30 MB, an embedding of 140 MB that is also the head. */
const bytes = { embedding: 140e6, layers: Array<number>(28).fill(30e6), head: 140e6 }
const cut = (nodes: Parameters<typeof planPlacement>[1]) =>
  planPlacement(bytes, nodes).map(({ layers: { from, to } }) => to - from)

describe('uneven nodes', () => {
  it('get layers by speed', () => {
    expect(cut([{}, {}])).toEqual([14, 14])
    expect(cut([{ speed: 1 }, { speed: 0.5 }])).toEqual([19, 9])
  })

  it('get no more than their memory holds, beside embedding, head and the process itself', () => {
    // 380 - 90 - 140 leaves room for five layers of 30 MB.
    expect(cut([{ memoryMb: 380 }, {}])).toEqual([5, 23])
    expect(cut([{}, { memoryMb: 150 }, {}])).toEqual([13, 2, 13])
    expect(planPlacement(bytes, [{ memoryMb: 380 }, {}])).toEqual([
      { layers: { from: 0, to: 5 }, speed: 1, memoryMb: 380, weightsMb: 290 },
      { layers: { from: 5, to: 28 }, speed: 1, weightsMb: 830 },
    ])
  })

  it('are refused with the arithmetic when the model does not fit on them', () => {
    expect(() => planPlacement(bytes, [{ memoryMb: 600 }, { memoryMb: 400 }])).toThrow(
      '28 layers of up to 30.0 MB do not fit: node 0: 600 - 90 (process) - 140 (embedding) = 12 layers; ' +
        'node 1: 400 - 90 (process) - 140 (head) = 5 layers',
    )
    expect(() => planPlacement(bytes, [{ memoryMb: 100 }, {}])).toThrow(
      'node 0: 100 - 90 (process) - 140 (embedding) = 0',
    )
  })
})

describe('stored bytes', () => {
  it('of a bundled model are those of its file, the tied embedding counted at both ends', async () => {
    const model = await openModel('bundled:lab-target')
    const { embedding, layers, head } = await storedBytes(model)
    const { vocabSize, hiddenSize } = model.config
    expect(layers).toHaveLength(8)
    expect(embedding).toBe(2 * vocabSize * hiddenSize)
    expect(layers.reduce((sum, layer) => sum + layer, head)).toBe(2 * model.parameters)
  })
})
