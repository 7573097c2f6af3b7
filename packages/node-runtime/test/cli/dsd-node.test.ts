import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nodeCommand } from '../../src/cluster/node-command.ts'
import { dial } from '../../src/shard/dial.ts'
import { type TinyModel, tinyModel } from '../cluster/tiny-model.ts'

const timeout = 120_000

let model: TinyModel
beforeAll(async () => {
  model = await tinyModel()
})
afterAll(() => model[Symbol.asyncDispose]())

const start = (...options: string[]) => startWith(process.env, ...options)

const startWith = (env: NodeJS.ProcessEnv, ...options: string[]) => {
  const place = ['--layers', '0:4', '--node', '0', '--nodes', '1']
  return spawn(process.execPath, [...nodeCommand(), '--model', model.dir, ...place, ...options], { env })
}

async function endOf(program: ChildProcessWithoutNullStreams): Promise<{ code: number | null; complaint: string }> {
  const [complaint, [code]] = await Promise.all([text(program.stderr), once(program, 'exit')])
  return { code, complaint }
}

describe('dsd-node', { timeout }, () => {
  it('prints one JSON line with its address and key, serves there, and ends on SIGINT', async () => {
    const node = start()
    const [line] = await once(node.stdout.setEncoding('utf8'), 'data')
    const ready = JSON.parse(line)
    expect(ready).toMatchObject({
      event: 'ready',
      node: 0,
      pid: node.pid,
      layers: { from: 0, to: 4 },
      engine: 'tfjs-wasm',
    })
    const { socket, shard } = await dial({ url: ready.url, role: 'control', key: ready.key, maxFrameBytes: 1e6 })
    expect(shard).toMatchObject({ embeds: true, tail: true, vocabSize: 258, maxLength: 512 })

    node.kill('SIGINT')
    expect((await endOf(node)).code).toBe(130)
    socket.terminate()
  })

  it('says in one line that its port is in use, with exit code 1', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const address = other.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    expect(await endOf(start('--port', `${port}`))).toEqual({
      code: 1,
      complaint: `dsd-node: 127.0.0.1:${port}: port ${port} is in use; choose another port, or 0 for any free one\n`,
    })
    other.close()
  })

  it('says in one line what is wrong with its options, its model or its key, with exit code 2', async () => {
    const [layers, folder, key] = await Promise.all([
      endOf(start('--layers', '2:9')),
      endOf(start('--model', '/nowhere')),
      endOf(startWith({ ...process.env, DSD_KEY: '' }, '--host', '0.0.0.0')),
    ])
    expect(layers).toMatchObject({ code: 2, complaint: expect.stringMatching(/^dsd-node: .*layers \[2, 9\).*\n$/) })
    expect(key).toMatchObject({ code: 2, complaint: expect.stringMatching(/^dsd-node: DSD_KEY: is empty; .*\n$/) })
    expect(folder).toMatchObject({ code: 2, complaint: expect.stringMatching(/^dsd-node: \/nowhere: .*\n$/) })
  })
})
