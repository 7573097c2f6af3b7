import { networkInterfaces } from 'node:os'
import { resolveRule } from '@dsd-lab/acceptance'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { NodeConnection } from '../../src/cluster/node-connection.ts'
import { loadShard } from '../../src/engines/load-shard.ts'
import { ReleaseSchedule } from '../../src/links/release-schedule.ts'
import { openModel } from '../../src/models/model-source.ts'
import { dial } from '../../src/shard/dial.ts'
import { listen } from '../../src/shard/listener.ts'
import { RedialledSocket } from '../../src/shard/redialled-socket.ts'
import { type ShardServer, serveShard } from '../../src/shard/shard-server.ts'
import { type TinyModel, tinyModel } from '../cluster/tiny-model.ts'

const key = 'the secret of this cluster'
const hasIpv6 = Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === '::1'))
let model: TinyModel
let server: ShardServer

beforeAll(async () => {
  model = await tinyModel()
  server = await serve()
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await model[Symbol.asyncDispose]()
})

async function serve(port = 0): Promise<ShardServer> {
  const source = await openModel(model.dir)
  const shard = await loadShard({ model: source, layers: { from: 0, to: model.layers }, engine: 'tfjs-wasm' })
  return serveShard({ shard, modelDigest: await source.digest(), node: 0, nodes: 1, key, port, resolveRule })
}

/** Connects as the coordinator and as the predecessor, and collects what the node answers. */
async function coordinate() {
  const answers: Uint8Array[] = []
  let answered = () => {}
  const control = await NodeConnection.open({
    name: 'node 0',
    url: server.url,
    key,
    maxFrameBytes: 1e6,
    onFrame: (frame) => {
      answers.push(frame)
      answered()
    },
    onEnd: () => {},
  })
  control.declareLink({ spec: { latencyMs: 0 }, seed: 0, place: 2 }, new ReleaseSchedule())
  const coordinator = { url: null, link: { latencyMs: 0 }, place: 1 }
  await control.assign({ type: 'assign', gen: 1, seed: 0, activations: 'f32', next: null, coordinator })
  const { socket: data } = await dial({ url: server.url, role: 'data', key, maxFrameBytes: 1e6 })
  const nextAnswer = () =>
    new Promise<void>((resolve) => {
      answered = resolve
    })
  const close = () => {
    data.terminate()
    control.close()
  }
  return { control, data, answers, nextAnswer, close }
}

/** Type byte of a NACK: whatever this version calls it, all bad frames get the same. */
const typeOf = (frame: Uint8Array | undefined) => frame?.[3]

describe('a shard process on the network', () => {
  it('listens on loopback only', () => {
    expect(server.url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+$/)
  })

  it.each([
    ['of random bytes', () => Uint8Array.from({ length: 400 }, (_, i) => (i * 131 + 7) % 256)],
    ['of no bytes at all', () => new Uint8Array(0)],
    ['cut short', () => Uint8Array.from([0xd1, 0xd5, 1, 3, 9, 9])],
    ['of another protocol version', () => Uint8Array.from([0xd1, 0xd5, 99, ...new Uint8Array(37)])],
  ])('answers a frame %s, counts it, and goes on', async (_, frame) => {
    const { control, data, answers, nextAnswer, close } = await coordinate()
    const before = await control.readCounters()
    const answer = nextAnswer()
    data.send(frame())
    await answer
    const after = await control.readCounters()
    expect(answers).toHaveLength(1)
    expect(after.badFrames - before.badFrames).toBe(1)
    expect(after.nacks - before.nacks).toBe(1)
    expect(data.readyState).toBe(WebSocket.OPEN)
    close()
  })

  it('answers a frame over the limit without reading it, and closes the connection that it came on', async () => {
    const { control, data, answers, nextAnswer, close } = await coordinate()
    const answer = nextAnswer()
    const closed = new Promise<number>((resolve) => data.once('close', resolve))
    data.send(new Uint8Array(server.identity.maxFrameBytes + 1))
    await answer
    expect(await closed).toBe(1009)
    expect((await control.readCounters()).badFrames).toBe(1)
    const bad = nextAnswer()
    const { socket } = await dial({ url: server.url, role: 'data', key, maxFrameBytes: 1e6 })
    socket.send(new Uint8Array(3))
    await bad
    expect(typeOf(answers[1])).toBe(typeOf(answers[0]))
    socket.terminate()
    close()
  })

  it('closes a connection after sixteen bad frames, and only that one', async () => {
    const { control, data, close } = await coordinate()
    const closed = new Promise<number>((resolve) => data.once('close', resolve))
    for (let frame = 0; frame < 20; frame++) data.send(new Uint8Array(5))
    expect(await closed).toBe(4008)
    expect((await control.readCounters()).badFrames).toBeGreaterThanOrEqual(16)
    close()
  })

  it('turns away callers without the key, of another version, or from a web page', async () => {
    await expect(dial({ url: server.url, role: 'control', key: 'a guess', maxFrameBytes: 1e6 })).rejects.toMatchObject({
      kind: 'protocol',
      line: expect.stringContaining('refused: wrong key'),
    })
    await expect(dial({ url: server.url, role: 'verdict', key, maxFrameBytes: 1e6 })).rejects.toMatchObject({
      line: expect.stringContaining('refused: no verdict connections here'),
    })
    const refusal = await new Promise<string>((resolve) => {
      const socket = new WebSocket(server.url)
      socket.once('open', () => socket.send(JSON.stringify({ type: 'hello', version: 99, role: 'data', key })))
      socket.once('message', (data) => resolve(String(data)))
    })
    expect(refusal).toContain('version 99 of the hand-shake')
    const page = new WebSocket(server.url, { origin: 'https://example.org' })
    expect(await new Promise<string>((resolve) => page.once('error', ({ message }) => resolve(message)))).toContain(
      '401',
    )
    expect(server.counters.refusedCallers).toBe(3)
  })

  it('hears no more than a hello from a caller that has not shaken hands, and nothing after a refusal', async () => {
    const refusedBefore = server.counters.refusedCallers
    const flood = new WebSocket(server.url)
    await new Promise((resolve) => flood.once('open', resolve))
    const closed = new Promise<number>((resolve) => flood.once('close', resolve))
    flood.on('error', () => {})
    flood.send(JSON.stringify({ type: 'hello', version: 1, role: 'control', key, padding: 'x'.repeat(100_000) }))
    await closed
    const insistent = new WebSocket(server.url)
    const answers: string[] = []
    insistent.on('message', (data) => answers.push(String(data)))
    await new Promise((resolve) => insistent.once('open', resolve))
    insistent.send('who is there?')
    insistent.send(JSON.stringify({ type: 'hello', version: 1, role: 'control', key }))
    await new Promise((resolve) => insistent.once('close', resolve))
    expect(answers).toEqual([JSON.stringify({ type: 'refused', reason: 'the first message is not a hello' })])
    expect(server.counters.refusedCallers - refusedBefore).toBe(2)
  })

  it('frees its sessions and links when its coordinator goes away, and takes the next one', async () => {
    const first = await coordinate()
    first.close()
    const second = await coordinate()
    expect((await second.control.readCounters()).badFrames).toBe(0)
    second.close()
  })

  it('keeps no link of a coordinator that goes away while the links are dialled', async () => {
    const source = await openModel(model.dir)
    const shard = await loadShard({ model: source, layers: { from: 0, to: 2 }, engine: 'tfjs-wasm' })
    const identity = { node: 0, nodes: 2, key, modelDigest: await source.digest() }
    await using head = await serveShard({ ...identity, shard, resolveRule })
    const control = await NodeConnection.open({
      name: 'node 0',
      url: head.url,
      key,
      maxFrameBytes: 1e6,
      onFrame: () => {},
      onEnd: () => {},
    })
    let end = () => {}
    const ended = new Promise<void>((resolve) => {
      end = resolve
    })
    const successor = await listen({
      host: '127.0.0.1',
      port: 0,
      key,
      maxFrameBytes: 1e6,
      roles: ['data'],
      identity: null,
      onConnection: (socket) => {
        control.close()
        socket.once('close', end)
      },
    })
    const link = { latencyMs: 1 }
    const assigning = control.assign({
      type: 'assign',
      gen: 1,
      seed: 0,
      activations: 'f32',
      next: { url: successor.url, link, place: 1 },
      coordinator: { url: null, link, place: 5 },
    })
    await expect(assigning).rejects.toMatchObject({ message: 'the connection ended' })
    await ended
    await successor.close()
  })

  it.skipIf(!hasIpv6)('gives an address of IPv6 that can be dialled', async () => {
    const options = { host: '::1', key, maxFrameBytes: 1e6, roles: ['data' as const], identity: null }
    const listener = await listen({ ...options, port: 0, onConnection: () => {} })
    expect(listener.url).toBe(`ws://[::1]:${listener.port}`)
    const link = new RedialledSocket({ url: listener.url, role: 'data', key, maxFrameBytes: 1e6 })
    await link.open()
    expect(link.current?.readyState).toBe(WebSocket.OPEN)
    link.close()
    await listener.close()
  })

  it('says in one line that a port is in use', async () => {
    await expect(serve(server.port)).rejects.toMatchObject({
      kind: 'environment',
      line: `127.0.0.1:${server.port}: port ${server.port} is in use; choose another port, or 0 for any free one`,
    })
  })
})

describe('a successor that goes away for a moment', () => {
  it('is dialled again by the node that sends to it', async () => {
    let callers = 0
    const options = { host: '127.0.0.1', key, maxFrameBytes: 1e6, roles: ['data' as const], identity: null }
    const first = await listen({ ...options, port: 0, onConnection: () => callers++ })
    const link = new RedialledSocket({ url: first.url, role: 'data', key, maxFrameBytes: 1e6 })
    await link.open()
    await first.close()
    const back = await listen({ ...options, port: first.port, onConnection: () => callers++ })
    await expect.poll(() => callers).toBe(2)
    await expect.poll(() => link.current?.readyState).toBe(WebSocket.OPEN)
    link.close()
    await back.close()
  })
})
