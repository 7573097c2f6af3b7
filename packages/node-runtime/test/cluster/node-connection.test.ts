import { describe, expect, it } from 'vitest'
import type { WebSocket } from 'ws'
import { NodeConnection } from '../../src/cluster/node-connection.ts'
import { type Listener, listen } from '../../src/shard/listener.ts'
import type { ShardIdentity } from '../../src/shard/messages.ts'

const key = 'the secret of this cluster'
const silenceMs = 400

const identity: ShardIdentity = {
  node: 3,
  nodes: 4,
  pid: 1,
  boot: 1,
  layers: { from: 6, to: 8 },
  embeds: false,
  tail: true,
  hiddenSize: 4,
  vocabSize: 8,
  maxLength: 16,
  maxFrameBytes: 1e6,
  modelDigest: '',
  engine: {
    name: 'tfjs-cpu',
    versions: {},
    threads: 1,
    device: '',
    precision: 'f32',
    rowInvariance: { holds: true, windows: [], largestDifference: 0 },
  },
}

/** A node that welcomes its coordinator and answers nothing. */
async function silentNode(onConnection: (socket: WebSocket) => void) {
  const listener: Listener = await listen({
    host: '127.0.0.1',
    port: 0,
    key,
    maxFrameBytes: 1e6,
    roles: ['control'],
    identity,
    onConnection,
  })
  const nothing = { onFrame: () => {}, onEnd: () => {} }
  const connection = await NodeConnection.open({
    name: 'node 3',
    url: listener.url,
    key,
    maxFrameBytes: 1e6,
    silenceMs,
    ...nothing,
  })
  const close = async () => {
    connection.close()
    await listener.close()
  }
  return { connection, [Symbol.asyncDispose]: close }
}

describe('a node that is asked something', () => {
  it('and has stopped is named after a while', async () => {
    await using node = await silentNode((socket) => socket.pause())
    await expect(node.connection.readCounters()).rejects.toMatchObject({
      kind: 'protocol',
      line: expect.stringMatching(/^node 3: does not answer for \d+ s; check that it still runs$/),
    })
  })

  it('has all the time that it needs while it answers pings', async () => {
    let pings = 0
    let hasEnough = () => {}
    const enough = new Promise<void>((resolve) => {
      hasEnough = resolve
    })
    await using node = await silentNode((socket) => {
      socket.on('ping', () => {
        if (++pings === 8) hasEnough()
      })
      socket.on('message', async (data) => {
        await enough
        const counters = { windows: 7, verdicts: 0, stale: 0, duplicates: 0, nacks: 0, badFrames: 0, rowsComputed: 0 }
        const { id }: { id: number } = JSON.parse(String(data))
        socket.send(JSON.stringify({ type: 'counters', id, counters: { ...counters, droppedFrames: 0 } }))
      })
    })
    expect(await node.connection.readCounters()).toMatchObject({ windows: 7 })
  })
})
