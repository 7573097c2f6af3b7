import { spawnSync } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { loadModel } from '../../../src/engines/load-shard.ts'
import { scratchCache } from './scratch-cache.ts'

scratchCache()
const model = fileURLToPath(new URL('../../weights/gguf/fixtures/tiny-qwen2.gguf', import.meta.url))

/** Scheduling policies of Linux, by the number in `/proc`. */
const ORDINARY = 0
const IDLE = 5

/** How the system schedules a thread of this process. */
interface Scheduling {
  readonly niceness: number
  readonly policy: number
}

async function scheduling(): Promise<Map<string, Scheduling>> {
  const found = new Map<string, Scheduling>()
  for (const thread of await readdir('/proc/self/task')) {
    const stat = await readFile(`/proc/self/task/${thread}/stat`, 'utf8').catch(() => undefined)
    if (stat === undefined) continue
    // Behind the name, which may hold spaces: state is field 3, niceness field 19, policy field 41.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    found.set(thread, { niceness: Number(fields[16]), policy: Number(fields[38]) })
  }
  return found
}

/** Of the threads that loading a model adds, whose number the engine decides. */
async function ofNewThreads(background: boolean): Promise<Scheduling[]> {
  const before = await scheduling()
  await using _shard = await loadModel({ model, engine: 'onnx', background })
  return [...(await scheduling())].flatMap(([thread, found]) => (before.has(thread) ? [] : [found]))
}

const hasChrt = spawnSync('chrt', ['--version']).status === 0

describe.runIf(process.platform === 'linux')('a model that computes in the background', () => {
  it('has its threads behind those of everything else, and they alone', async () => {
    const own = (await scheduling()).get(String(process.pid))
    const ordinary = await ofNewThreads(false)
    expect(ordinary.length).toBeGreaterThan(0)
    for (const thread of ordinary) expect(thread).toEqual(own)
    expect(await ofNewThreads(true)).toContainEqual({
      niceness: Math.max(own?.niceness ?? 0, 10),
      policy: hasChrt ? IDLE : ORDINARY,
    })
    expect((await scheduling()).get(String(process.pid))).toEqual(own)
  })
})
