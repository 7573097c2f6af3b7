import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ClusterEvent } from '../../src/cluster/cluster-events.ts'
import { localCluster } from '../../src/cluster/local-cluster.ts'
import type { LocalClusterOptions } from '../../src/cluster/local-cluster-options.ts'
import { measureSpeeds } from '../../src/cluster/measure-speeds.ts'
import { placeLayers } from '../../src/cluster/place-layers.ts'
import { childrenOf } from './running.ts'
import { type TinyModel, tinyModel } from './tiny-model.ts'

// Starting a process takes a second of a free core, and many times that on a busy machine.
const timeout = 240_000

let model: TinyModel
beforeAll(async () => {
  model = await tinyModel()
}, timeout)
afterAll(() => model[Symbol.asyncDispose]())

const open = (options: Partial<LocalClusterOptions> = {}) =>
  localCluster({ model: model.dir, nodes: 2, link: { latencyMs: 2, jitterMs: 1 }, selfCheck: false, ...options })

describe('opening a cluster', { timeout }, () => {
  it.each<[string, Partial<LocalClusterOptions>, string]>([
    [
      'more nodes than layers',
      { nodes: 5 },
      'cluster.nodes: 5 nodes, but the target has only 4 layers; choose at most 4, one layer a node',
    ],
    ['no nodes', { nodes: 0 }, 'cluster.nodes: 0 is not a number of nodes; give 1 or more'],
    ['more nodes than a frame counts', { nodes: 256 }, 'cluster.nodes: 256 nodes; give at most 255, or simulate them'],
    [
      'layers of more nodes than it has',
      { nodes: 1, layers: [0, 2].map((from) => ({ from, to: from + 2 })) },
      'cluster.layers: 2 layer ranges for 1 nodes; give one range a node, head first',
    ],
    [
      'a latency below zero',
      { link: { latencyMs: -1 } },
      'cluster.link.latencyMs: is below zero; give one of lan, metro, continental, intercontinental, starlink, or { latencyMs, jitterMs, bandwidthMbps, loss }',
    ],
  ])('refuses %s in one line', async (_, options, line) => {
    await expect(open(options)).rejects.toMatchObject({ kind: 'bad-input', line })
  })

  it('measures the speed of its nodes when asked to', async () => {
    const speeds = await measureSpeeds({ model: model.dir, nodes: 1 })
    expect(speeds).toHaveLength(1)
    expect(speeds[0]).toBeGreaterThan(1)
    const placed = placeLayers({ layers: 4, speeds: [...speeds, ...speeds] })
    expect(placed[1]).toEqual({ from: 2, to: 4 })
  })

  it('names the module of rules that cannot be loaded', async () => {
    const broken = new URL('./broken-rule.ts', import.meta.url).href
    await expect(open({ ruleModules: [broken] })).rejects.toMatchObject({
      kind: 'bad-input',
      line: `${broken}: the module cannot be loaded (this module is broken); give a module that registers its rules when imported`,
    })
  })

  it.each([
    ['before a process has started', 2, 0],
    ['while a process starts', 2, 1],
    ['while the processes are connected', 1, 1],
  ])('ends with its signal %s, and leaves no process behind', async (_, nodes, starts) => {
    const control = new AbortController()
    let started = 0
    const abort = () => {
      if (started === starts) control.abort(new Error('enough'))
    }
    const onEvent = ({ type }: ClusterEvent) => {
      if (type !== 'node-started') return
      started++
      abort()
    }
    const opening = open({ nodes, signal: control.signal, onEvent })
    abort()
    await expect(opening).rejects.toThrow('enough')
    expect(childrenOf(process.pid)).toEqual([])
  })
})
