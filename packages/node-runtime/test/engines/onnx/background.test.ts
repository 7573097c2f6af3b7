import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { loadModel } from '../../../src/engines/load-shard.ts'
import { scratchCache } from './scratch-cache.ts'

scratchCache()
const model = fileURLToPath(new URL('../../weights/gguf/fixtures/tiny-qwen2.gguf', import.meta.url))

/** Niceness of every thread of this process, by its id. */
async function niceness(): Promise<Map<string, number>> {
  const found = new Map<string, number>()
  for (const thread of await readdir('/proc/self/task')) {
    const stat = await readFile(`/proc/self/task/${thread}/stat`, 'utf8').catch(() => undefined)
    // Behind the name, which may hold spaces: state is field 3, niceness field 19.
    if (stat !== undefined) found.set(thread, Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]))
  }
  return found
}

/** Niceness of the threads that loading a model adds, whose number the engine decides. */
async function ofNewThreads(background: boolean): Promise<number[]> {
  const before = await niceness()
  await using _shard = await loadModel({ model, engine: 'onnx', background })
  return [...(await niceness())].flatMap(([thread, nice]) => (before.has(thread) ? [] : [nice]))
}

describe.runIf(process.platform === 'linux')('a model that computes in the background', () => {
  it('has its threads behind those of everything else, and they alone', async () => {
    const own = (await niceness()).get(String(process.pid)) ?? Number.NaN
    expect(new Set(await ofNewThreads(false))).toEqual(new Set([own]))
    expect(await ofNewThreads(true)).toContain(Math.max(own, 10))
    expect((await niceness()).get(String(process.pid))).toBe(own)
  })
})
