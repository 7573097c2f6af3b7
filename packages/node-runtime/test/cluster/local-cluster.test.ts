import { coupled, defineRule, keep, registerRule, resolveRule } from '@dsd-lab/acceptance'
import {
  autoregressive,
  fixedWindow,
  inProcessTarget,
  promptLookup,
  type Round,
  speculative,
  type Target,
} from '@dsd-lab/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ClusterEvent } from '../../src/cluster/cluster-events.ts'
import type { LocalCluster } from '../../src/cluster/cluster-over.ts'
import { localCluster } from '../../src/cluster/local-cluster.ts'
import type { LocalClusterOptions } from '../../src/cluster/local-cluster-options.ts'
import { placeLayers } from '../../src/cluster/place-layers.ts'
import { loadDrafter } from '../../src/engines/load-drafter.ts'
import { loadModel, loadShard } from '../../src/engines/load-shard.ts'
import { openModel } from '../../src/models/model-source.ts'
import { childrenOf, isRunning } from './running.ts'
import { type TinyModel, tinyModel } from './tiny-model.ts'

// Starting a process takes a second of a free core, and many times that on a busy machine.
const timeout = 240_000

let model: TinyModel
let golden: number[]

const prompt = [10, 11, 12, 10, 11, 12, 10, 11]
const text = { prompt, rule: coupled(), seed: 5, sampling: { temperature: 0.7 }, maxTokens: 40 }
const drafter = promptLookup()

beforeAll(async () => {
  model = await tinyModel()
  golden = await plainIds()
}, timeout)
afterAll(() => model[Symbol.asyncDispose]())

/** What plain decoding in one process says, without any link. */
async function plainIds(): Promise<number[]> {
  const source = await openModel(model.dir)
  await using shard = await loadModel({ model: source })
  const target = inProcessTarget({ name: 'golden', shards: [shard], resolveRule, eos: source.config.eos })
  return await collect(autoregressive({ ...text, target }))
}

async function collect(commits: AsyncIterable<{ readonly tokens: readonly number[] }>): Promise<number[]> {
  const ids: number[] = []
  for await (const commit of commits) ids.push(...commit.tokens)
  return ids
}

const decode = (target: Target, gamma = 4) =>
  collect(speculative({ ...text, target, drafter, window: fixedWindow(gamma) }))

const open = (options: Partial<LocalClusterOptions> = {}) =>
  localCluster({ model: model.dir, nodes: 2, link: { latencyMs: 2, jitterMs: 1 }, selfCheck: false, ...options })

describe('hidden states in fewer bytes', { timeout }, () => {
  it.each(['f16', 'int8'] as const)(
    '%s: the ids and bytes are those of the same cut in one process',
    async (activations) => {
      const source = await openModel(model.dir)
      const ranges = placeLayers({ layers: source.config.layers, speeds: [1, 1] })
      const shards = await Promise.all(ranges.map((layers) => loadShard({ model: source, layers })))
      const inProcess = inProcessTarget({ name: 'cut', shards, resolveRule, eos: source.config.eos, activations })
      await using cluster = await open({ activations })
      const rounds = async (target: Target) => {
        const decoded: { ids: readonly number[]; forward: readonly number[] }[] = []
        for await (const { tokens, round } of speculative({ ...text, target, drafter, window: fixedWindow(4) })) {
          decoded.push({ ids: tokens, forward: round.bytes.forward })
        }
        return decoded
      }
      const live = await rounds(cluster)
      // The first round opens the session, and the two clusters have names of different lengths.
      expect(live.map(({ ids }) => ids)).toEqual((await rounds(inProcess)).map(({ ids }) => ids))
      expect(live.slice(1)).toEqual((await rounds(inProcess)).slice(1))
      for (const shard of shards) await shard[Symbol.asyncDispose]()
    },
  )
})

describe('a cluster of four shard processes that replaces those it loses', { timeout }, () => {
  const events: ClusterEvent[] = []
  let cluster: LocalCluster
  beforeAll(async () => {
    cluster = await open({
      nodes: 4,
      link: [1, 3, 2, 1, 2].map((latencyMs) => ({ latencyMs })),
      onNodeLoss: 'replace',
      ruleModules: [new URL('./own-rule.ts', import.meta.url).href],
      onEvent: (event) => events.push(event),
    })
  }, timeout)
  afterAll(() => cluster[Symbol.asyncDispose]())

  it.each([1, 3, 8])('gives the ids of plain decoding in one process with windows of %i', async (gamma) => {
    expect(await decode(cluster, gamma)).toEqual(golden)
  })

  it('says where the time of a round went: compute of each node and the links as declared', async () => {
    for await (const { round } of autoregressive({ ...text, maxTokens: 4, target: cluster })) {
      const { computeMs, linkMs, returnMs, totalMs } = round.timing
      expect(linkMs).toEqual([1, 3, 2, 1])
      expect(returnMs).toBe(2)
      expect(computeMs).toHaveLength(4)
      for (const ms of computeMs) expect(ms).toBeGreaterThan(0)
      // A frame is released earlier by what its connection took when it was measured, at most half a millisecond on each of 5 links.
      expect(totalMs).toBeGreaterThanOrEqual(9 - 5 * 0.5 + computeMs.reduce((sum, ms) => sum + ms, 0))
    }
  })

  it('serves text after text and keeps nothing of them', async () => {
    // A node holds at most 64 texts: a leak would be answered OVERLOADED.
    for (let sequence = 0; sequence < 70; sequence++) {
      const ids = await collect(autoregressive({ ...text, maxTokens: 1, sequence, target: cluster }))
      expect(ids).toHaveLength(1)
    }
    const counters = await cluster.readCounters()
    expect(counters.map(({ nacks, badFrames, droppedFrames }) => nacks + badFrames + droppedFrames)).toEqual([
      0, 0, 0, 0,
    ])
  })

  it('serves several texts at once', async () => {
    const ids = await Promise.all([decode(cluster), decode(cluster, 2), decode(cluster, 1)])
    expect(ids).toEqual([golden, golden, golden])
  })

  it('drafts ahead beside rounds under way, and gives the same ids', async () => {
    await using sameModel = await loadDrafter({ model: model.dir })
    const rounds: Round[] = []
    const ids: number[] = []
    for await (const { round, tokens } of speculative({
      ...text,
      target: cluster,
      drafter: sameModel,
      window: fixedWindow(2),
      draftAhead: true,
    })) {
      rounds.push(round)
      ids.push(...tokens)
    }
    expect(ids).toEqual(golden)
    // The last window may have no room for a draft.
    const between = rounds.slice(1, -1).map(({ ahead }) => ahead?.foreseen)
    expect(between.length).toBeGreaterThan(5)
    expect(new Set(between)).toEqual(new Set([true]))
  })

  it('knows acceptance rules from modules of the user', async () => {
    const never = { ...text, sampling: { temperature: 0 }, rule: { name: 'never-keep' } }
    const commits = speculative({ ...never, target: cluster, drafter, window: fixedWindow(3) })
    for await (const { tokens } of commits) expect(tokens).toHaveLength(1)
  })

  it('is refused by name by nodes that were not given the module of its rule', async () => {
    registerRule(
      defineRule({ name: 'here-only', parameters: {}, create: () => ({ lossless: false, decide: () => keep() }) }),
    )
    const commits = speculative({
      ...text,
      rule: { name: 'here-only' },
      target: cluster,
      drafter,
      window: fixedWindow(3),
    })
    await expect(collect(commits)).rejects.toMatchObject({
      kind: 'bad-input',
      line: expect.stringMatching(
        /^node 3: has no rule named "here-only", and takes no code from the network; start it with dsd-node --rules <module/,
      ),
    })
    expect(await decode(cluster)).toEqual(golden)
  })

  it.each([
    ['its head', 0],
    ['a node in the middle', 2],
    ['its tail', 3],
  ])('goes on with the same ids when %s is killed during a text', async (_, victim) => {
    const pid = cluster.nodes[victim]?.pid ?? 0
    const ids: number[] = []
    for await (const { round, tokens } of speculative({ ...text, target: cluster, drafter, window: fixedWindow(4) })) {
      ids.push(...tokens)
      if (round.index === 2) process.kill(pid, 'SIGKILL')
    }
    expect(ids).toEqual(golden)
    expect(cluster.nodes[victim]?.pid).not.toBe(pid)
    expect(events).toContainEqual({ type: 'node-lost', node: victim, end: 'SIGKILL' })
  })
})

describe('a cluster of two shard processes', { timeout }, () => {
  it('gives the ids of plain decoding; when one dies, the round fails in one line that names it', async () => {
    await using cluster = await open({ speeds: [1, 1] })
    expect(await decode(cluster)).toEqual(golden)
    expect(cluster.nodes.map(({ layers }) => layers)).toEqual([
      { from: 0, to: 2 },
      { from: 2, to: 4 },
    ])
    const run = async () => {
      for await (const { round } of autoregressive({ ...text, maxTokens: 400, target: cluster }))
        if (round.index === 3) process.kill(cluster.nodes[1]?.pid ?? 0, 'SIGKILL')
    }
    await expect(run()).rejects.toMatchObject({
      kind: 'environment',
      line: 'node 1: the shard process is gone (SIGKILL); open the cluster again and repeat the text',
    })
    await expect(decode(cluster)).rejects.toMatchObject({ where: 'node 1' })
  })
})

describe('a cluster of one shard process', { timeout }, () => {
  it('gives the ids of plain decoding; a node that stops answering fails the round, and is ended all the same', async () => {
    const cluster = await open({ nodes: 1 })
    expect(await decode(cluster)).toEqual(golden)
    const pid = cluster.nodes[0]?.pid ?? 0
    const run = async () => {
      for await (const { round } of autoregressive({ ...text, maxTokens: 400, target: cluster }))
        if (round.index === 3) process.kill(pid, 'SIGSTOP')
    }
    await expect(run()).rejects.toMatchObject({ kind: 'environment', where: 'node 0', message: 'does not answer' })
    await cluster[Symbol.asyncDispose]()
    expect(isRunning(pid)).toBe(false)
  })

  it('ends also the process that is to stand in for a lost one', async () => {
    let onEvent: (event: ClusterEvent) => void = () => {}
    const lost = new Promise<void>((resolve) => {
      onEvent = ({ type }) => {
        if (type === 'node-lost') resolve()
      }
    })
    const cluster = await open({ nodes: 1, onNodeLoss: 'replace', onEvent })
    process.kill(cluster.nodes[0]?.pid ?? 0, 'SIGKILL')
    await lost
    await cluster[Symbol.asyncDispose]()
    expect(childrenOf(process.pid)).toEqual([])
  })

  it('ends with its signal, and says so to the next text', async () => {
    const control = new AbortController()
    await using cluster = await open({ nodes: 1, signal: control.signal })
    control.abort()
    for (const { pid } of cluster.nodes) await expect.poll(() => isRunning(pid), { timeout: 30_000 }).toBe(false)
    await expect(decode(cluster)).rejects.toMatchObject({ line: 'cluster: the cluster is closed; open another one' })
  })
})
