import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { placeLayers } from '../../src/cluster/place-layers.ts'

const sizes = (ranges: readonly { from: number; to: number }[]) => ranges.map(({ from, to }) => to - from)

describe('placing layers', () => {
  it('splits evenly over equal nodes, the earlier ones first', () => {
    expect(placeLayers({ layers: 8, speeds: [1, 1, 1] })).toEqual([
      { from: 0, to: 3 },
      { from: 3, to: 6 },
      { from: 6, to: 8 },
    ])
    expect(sizes(placeLayers({ layers: 8, speeds: Array(8).fill(1) }))).toEqual(Array(8).fill(1))
  })

  it('gives faster nodes more, within what they can hold', () => {
    expect(sizes(placeLayers({ layers: 12, speeds: [1, 2, 3] }))).toEqual([2, 4, 6])
    expect(sizes(placeLayers({ layers: 12, speeds: [1, 2, 3], capacity: [12, 12, 4] }))).toEqual([3, 5, 4])
  })

  it('covers every layer once, leaves no node empty, and no other cut makes the slowest node faster', () => {
    const cluster = fc
      .array(fc.double({ min: 0.1, max: 10, noNaN: true }), { minLength: 1, maxLength: 4 })
      .chain((speeds) => fc.record({ speeds: fc.constant(speeds), layers: fc.integer({ min: speeds.length, max: 9 }) }))
    fc.assert(
      fc.property(cluster, ({ layers, speeds }) => {
        const placed = placeLayers({ layers, speeds })
        let next = 0
        for (const { from, to } of placed) {
          expect(from).toBe(next)
          expect(to).toBeGreaterThan(from)
          next = to
        }
        expect(next).toBe(layers)
        const slowest = (counts: readonly number[]) => Math.max(...counts.map((count, i) => count / (speeds[i] ?? 1)))
        const best = Math.min(...cuts(layers, speeds.length).map(slowest))
        expect(slowest(sizes(placed))).toBeCloseTo(best, 9)
      }),
      { seed: 5, numRuns: 60 },
    )
  })

  it.each([
    [
      { layers: 4, speeds: [1, 1, 1, 1, 1] },
      'cluster.nodes: 5 nodes, but the target has only 4 layers; choose at most 4, one layer a node',
    ],
    [{ layers: 4, speeds: [] }, 'cluster.nodes: a cluster needs at least one node'],
    [{ layers: 4, speeds: [1, 0] }, 'cluster.speeds[1]: speed 0 is not a positive number'],
    [
      { layers: 4, speeds: [1, 1], capacity: [1, 2] },
      'cluster.capacity: 4 layers do not fit on nodes that hold 1, 2; add nodes, or nodes with more memory',
    ],
  ])('refuses in one line what cannot be placed: %j', (request, line) => {
    expect(() => placeLayers(request)).toThrow(expect.objectContaining({ kind: 'bad-input', line }))
  })
})

/** Every way to give `layers` to `nodes`, at least one each. */
function cuts(layers: number, nodes: number): number[][] {
  if (nodes === 1) return [[layers]]
  return Array.from({ length: layers - nodes + 1 }, (_, extra) => extra + 1).flatMap((first) =>
    cuts(layers - first, nodes - 1).map((rest) => [first, ...rest]),
  )
}
