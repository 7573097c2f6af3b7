import { resolveRule } from '@dsd-lab/acceptance'
import { describe, expect, it } from 'vitest'
import { Chain } from '../../src/cluster/chain.ts'
import { NodeConnection } from '../../src/cluster/node-connection.ts'
import { loadShard } from '../../src/engines/load-shard.ts'
import { refuseWrongLinks } from '../../src/links/link-check.ts'
import { openModel } from '../../src/models/model-source.ts'
import { serveShard } from '../../src/shard/shard-server.ts'
import { tinyModel } from './tiny-model.ts'

const key = 'the secret of this cluster'
const links = [{ latencyMs: 5 }, { latencyMs: 8, jitterMs: 2 }, { latencyMs: 6 }]
const place = { gen: 1, seed: 0, activations: 'f32' } as const

async function openChain() {
  const model = await tinyModel()
  const source = await openModel(model.dir)
  const modelDigest = await source.digest()
  const serve = async (node: number) => {
    const layers = { from: 2 * node, to: 2 * node + 2 }
    const shard = await loadShard({ model: source, layers, engine: 'tfjs-wasm' })
    return serveShard({ shard, modelDigest, node, nodes: 2, key, resolveRule })
  }
  const head = await serve(0)
  const tail = await serve(1)
  const chain = await Chain.open({ ...place, links, key, urls: [head.url, tail.url], onNodeEnd: () => {} })
  const close = async () => {
    await chain.close()
    for (const resource of [head, tail, model]) await resource[Symbol.asyncDispose]()
  }
  return { chain, head, tail, [Symbol.asyncDispose]: close }
}

describe('the self-check of a cluster', () => {
  it('measures every hop and the return link through the emulation, and passes links that are right', async () => {
    await using cluster = await openChain()
    const check = async () => (await cluster.chain.checkLinks()).map(({ name, ok }) => [name, ok])
    // A loaded machine is late; one quiet moment is enough to see that the links are right.
    await expect.poll(check, { timeout: 40_000 }).toEqual([
      ['coordinator -> node 0', true],
      ['node 0 -> node 1', true],
      ['node 1 -> coordinator', true],
    ])
  })

  it('refuses a link whose emulator was given other numbers, and names it', async () => {
    await using cluster = await openChain()
    const { head, tail } = cluster
    const nothing = { onFrame: () => {}, onEnd: () => {} }
    const meddler = await NodeConnection.open({ name: 'node 0', url: head.url, key, maxFrameBytes: 1e6, ...nothing })
    const coordinator = { url: null, link: { latencyMs: 5 }, place: 5 }
    const next = { url: tail.url, link: { latencyMs: 3 }, place: 1 }
    await meddler.assign({ ...place, type: 'assign', next, coordinator })
    const checks = await cluster.chain.checkLinks()
    expect(checks[1]).toMatchObject({ ok: false, name: 'node 0 -> node 1' })
    expect(() => refuseWrongLinks(checks.slice(1))).toThrow(
      expect.objectContaining({ kind: 'environment', where: 'link node 0 -> node 1' }),
    )
    meddler.close()
  })
})
