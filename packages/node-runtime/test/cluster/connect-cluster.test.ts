import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { coupled, resolveRule } from '@dsd-lab/acceptance'
import { autoregressive, fixedWindow, inProcessTarget, promptLookup, speculative, type Target } from '@dsd-lab/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readNodeReport } from '../../src/cli/node-report.ts'
import { type ConnectClusterOptions, connectCluster, type NodeAddress } from '../../src/cluster/connect-cluster.ts'
import { nodeCommand } from '../../src/cluster/node-command.ts'
import { loadModel } from '../../src/engines/load-shard.ts'
import { openModel } from '../../src/models/model-source.ts'
import { type TinyModel, tinyModel } from './tiny-model.ts'

const timeout = 240_000
const key = 'a secret that both nodes know'
const text = {
  prompt: [10, 11, 12, 10, 11, 12, 10, 11],
  rule: coupled(),
  seed: 5,
  sampling: { temperature: 0.7 },
  maxTokens: 24,
}

let model: TinyModel
let nodes: StartedNode[]

beforeAll(async () => {
  model = await tinyModel()
  nodes = await Promise.all([startNode(0, '0:2'), startNode(1, '2:4')])
}, timeout)
afterAll(async () => {
  for (const { child } of nodes) child.kill('SIGKILL')
  await model[Symbol.asyncDispose]()
})

interface StartedNode {
  readonly child: ChildProcess
  readonly address: NodeAddress
}

/** As a person starts one: no channel to this process. */
async function startNode(node: number, layers: string): Promise<StartedNode> {
  const words = ['--model', model.dir, '--layers', layers, '--node', `${node}`, '--nodes', '2']
  const child = spawn(process.execPath, [...nodeCommand(), ...words], {
    env: { ...process.env, DSD_KEY: key },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(createInterface({ input: child.stdout }), 'line')
  const report = readNodeReport(String(line))
  if (report?.event !== 'ready') throw new Error(`node ${node} is not ready: ${line}`)
  return { child, address: { host: '127.0.0.1', port: report.port } }
}

const connect = (changes: Partial<ConnectClusterOptions> = {}) =>
  connectCluster({ model: model.dir, nodes: nodes.map(({ address }) => address), key, ...changes })

async function collect(commits: AsyncIterable<{ readonly tokens: readonly number[] }>): Promise<number[]> {
  const ids: number[] = []
  for await (const commit of commits) ids.push(...commit.tokens)
  return ids
}

const decode = (target: Target) =>
  collect(speculative({ ...text, target, drafter: promptLookup(), window: fixedWindow(4) }))

async function plainIds(): Promise<number[]> {
  const source = await openModel(model.dir)
  await using shard = await loadModel({ model: source })
  return await collect(
    autoregressive({
      ...text,
      target: inProcessTarget({ name: 'plain', shards: [shard], resolveRule, eos: source.config.eos }),
    }),
  )
}

describe('nodes that somebody else started', { timeout }, () => {
  it('decode the ids of one process, for one coordinator after the other', async () => {
    const plain = await plainIds()
    for (const link of [{ latencyMs: 0 }, { latencyMs: 2, jitterMs: 1 }]) {
      await using cluster = await connect({ link })
      expect(cluster.nodes.map(({ pid }) => pid)).toEqual(nodes.map(({ child }) => child.pid))
      expect(await decode(cluster)).toEqual(plain)
    }
  })

  it('have their links measured as they are, bare or emulated', async () => {
    for (const latencyMs of [0, 12]) {
      await using cluster = await connect({ link: { latencyMs } })
      const measured = await cluster.measureLinks()
      expect(measured.map(({ name }) => name)).toEqual([
        'coordinator -> node 0',
        'node 0 -> node 1',
        'node 1 -> coordinator',
      ])
      for (const link of measured) {
        expect(link.measuredMs).toBeGreaterThan(latencyMs - 1)
        expect(link.measuredMs).toBeLessThan(latencyMs + 10)
      }
    }
  })

  it.each<[mistake: string, changes: () => Partial<ConnectClusterOptions>, line: RegExp]>([
    [
      'another key',
      () => ({ key: 'a secret that they do not know' }),
      /^ws:\/\/127\.0\.0\.1:\d+: no control .*refused/,
    ],
    ['no key', () => ({ key: '' }), /^DSD_KEY: is empty; /],
    [
      'another order',
      () => ({ nodes: nodes.map(({ address }) => address).reverse() }),
      /^node 0: was started as node 1/,
    ],
    [
      'another model',
      () => ({ model: 'bundled:lab-draft' }),
      /^node 0: holds another model than bundled:lab-draft; name /,
    ],
    ['no port', () => ({ nodes: [{ host: '127.0.0.1', port: 0 }] }), /^cluster\.nodes\[0\]: .* is no address; /],
  ])('%s: one line', async (_, changes, line) => {
    await expect(connect(changes())).rejects.toMatchObject({ line: expect.stringMatching(line) })
  })

  it('a node that goes fails the round and is named', async () => {
    await using cluster = await connect({ link: { latencyMs: 20 } })
    const running = decode(cluster)
    nodes[1]?.child.kill('SIGKILL')
    await expect(running).rejects.toMatchObject({
      line: 'node 1: the connection to the node ended; look at that node, and connect again',
    })
  })
})
