import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isRunning } from './running.ts'
import { type TinyModel, tinyModel } from './tiny-model.ts'

const timeout = 240_000
const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
const script = fileURLToPath(new URL('./hold-cluster.ts', import.meta.url))

let model: TinyModel
beforeAll(async () => {
  model = await tinyModel()
})
afterAll(() => model[Symbol.asyncDispose]())

/** A program of its own that holds a cluster open, in a process group of its own as a terminal would have it. */
async function holdCluster(...how: string[]): Promise<{ program: ChildProcess; pids: number[] }> {
  const program = spawn(process.execPath, ['--import', tsx, script, model.dir, ...how], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  const [line] = await once(program.stdout.setEncoding('utf8'), 'data')
  const pids: number[] = JSON.parse(line)
  expect(pids).toHaveLength(1)
  return { program, pids }
}

const stillRunning = (pids: readonly number[]) => pids.filter(isRunning)

describe('the shard processes of a program', { timeout }, () => {
  it('go away when it is killed, though it can do nothing about it any more', async () => {
    const { program, pids } = await holdCluster()
    expect(stillRunning(pids)).toEqual(pids)
    program.kill('SIGKILL')
    await expect.poll(() => stillRunning(pids), { timeout: 30_000 }).toEqual([])
  })

  it('go away on Ctrl-C, which a terminal sends to all of them', async () => {
    const { program, pids } = await holdCluster()
    process.kill(-(program.pid ?? 0), 'SIGINT')
    await expect.poll(() => stillRunning(pids), { timeout: 30_000 }).toEqual([])
  })

  it('go away when it leaves without closing its cluster', async () => {
    const { pids } = await holdCluster('leave')
    await expect.poll(() => stillRunning(pids), { timeout: 30_000 }).toEqual([])
  })
})
