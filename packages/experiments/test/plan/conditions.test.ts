import { describe, expect, it } from 'vitest'
import shipped from '../../catalog/ablation-adaptive.ts'
import { checkDeclaration } from '../../src/dsl/check.ts'
import { sweep } from '../../src/index.ts'
import { computeModel } from '../../src/plan/conditions.ts'
import { makePlan } from '../../src/plan/plan.ts'
import { ablation, facts } from './planned-ablation.ts'

const uneven = [
  { layers: { from: 0, to: 6 }, speed: 1, weightsMb: 6 },
  { layers: { from: 6, to: 8 }, speed: 0.5, memoryMb: 100, weightsMb: 3 },
]

describe('networks of one id', () => {
  const compute = { baseMs: 10, perRowMs: 1 }
  it.each([
    ['n2-latencyms5', { nodes: 2, compute, link: { latencyMs: sweep([5, 5]) } }],
    ['n2', { nodes: sweep([2, 2]), compute, link: { latencyMs: 5 } }],
  ])('are refused: %s', (id, cluster) => {
    expect(() => makePlan({ ...ablation, cluster }, facts)).toThrow(`two of its networks are called ${id}`)
  })
})

describe('a network on which nothing takes time', () => {
  const named = (baseMs: number, link: object) => () =>
    makePlan(
      { ...ablation, cluster: { nodes: sweep([1, 4]), compute: { baseMs, perRowMs: 0 }, link: { ...link } } },
      facts,
    )
  it('is refused', () => {
    expect(named(0, { latencyMs: 0 })).toThrow('nothing takes time on n1: compute and latency are 0')
  })
  it.each([
    ['compute', 1, { latencyMs: 0 }],
    ['latency', 0, { latencyMs: 1 }],
    ['bandwidth', 0, { latencyMs: 0, bandwidthMbps: 1 }],
  ] as const)('is none where %s does', (_, baseMs, link) => {
    expect(named(baseMs, link)).not.toThrow()
  })
})

describe('nodes that are declared one by one', () => {
  const { cluster } = shipped
  const nodes = [{}, { speed: 0.5, memoryMb: 100 }] as const
  const [condition] = makePlan(
    { ...shipped, cluster: { ...cluster, nodes } },
    { ...facts, placement: uneven },
  ).conditions

  it('keep their layers in the manifest', () => {
    expect(condition).toMatchObject({ id: 'n2-latencyms5', nodes: 2, placement: uneven })
  })

  it('compute for as long as their layers and their speed say', () => {
    // 10 ms + 0.4 ms a row for an even share of 4 layers: 6 layers take 1.5 times that, 2 layers at half speed as long as 4.
    expect(condition && computeModel(condition)).toEqual([
      { baseMs: 15, perRowMs: expect.closeTo(0.6, 12) },
      { baseMs: 10, perRowMs: expect.closeTo(0.4, 12) },
    ])
  })

  it('are checked one by one', () => {
    const declared = (mistaken: readonly unknown[]) => () =>
      checkDeclaration({ ...shipped, cluster: { ...cluster, nodes: mistaken } })
    expect(declared([])).toThrow(expect.objectContaining({ where: 'cluster.nodes' }))
    expect(declared([{}, { speed: 0 }])).toThrow(expect.objectContaining({ where: 'cluster.nodes[1].speed' }))
    expect(declared([{ memory: 5 }])).toThrow('there is no field "memory"')
  })
})
