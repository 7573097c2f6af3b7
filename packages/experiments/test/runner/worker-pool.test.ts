import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { DsdError } from '@dsd-lab/core'
import { expect, test, vi } from 'vitest'
import { WorkerPool } from '../../src/runner/worker-pool.ts'

const pair = { target: 'bundled:lab-target', draft: null, engine: 'tfjs-cpu', ruleModules: [] } as const
const job = { kind: 'load', pair } as const

test('a run that was interrupted before its workers started does no work', async () => {
  const reason = new DsdError('interrupted', { kind: 'interrupted' })
  await using pool = new WorkerPool({ jobs: 1, signal: AbortSignal.abort(reason), pair })
  await expect(pool.run(job)).rejects.toBe(reason)
})

test('workers share the cores, unless the user says how many threads they have', { timeout: 120_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dsd-pool-'))
  const file = join(folder, 'telling.mjs')
  await writeFile(file, 'throw new Error("threads: " + process.env.DSD_THREADS)')
  const telling = { kind: 'load', pair: { ...pair, ruleModules: [pathToFileURL(file).href] } } as const
  const threadsOf = async (jobs: number): Promise<string> => {
    await using pool = new WorkerPool({ jobs, signal: new AbortController().signal, pair })
    return pool.run(telling).then(String, (error: Error) => error.message)
  }
  try {
    vi.stubEnv('DSD_THREADS', undefined)
    expect(await threadsOf(1)).toBe('threads: undefined')
    expect(await threadsOf(1 + availableParallelism())).toBe('threads: 1')
    vi.stubEnv('DSD_THREADS', '3')
    expect(await threadsOf(2)).toBe('threads: 3')
  } finally {
    vi.unstubAllEnvs()
    await rm(folder, { recursive: true })
  }
})

test('what waits behind jobs that kill their processes is still done', { timeout: 120_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dsd-pool-'))
  /** A job whose process runs this before it loads a model. */
  const running = async (name: string, code: string) => {
    const file = join(folder, name)
    await writeFile(file, code)
    return { kind: 'load', pair: { ...pair, ruleModules: [pathToFileURL(file).href] } } as const
  }
  const deadly = await running('deadly.mjs', 'process.exit(3)')
  const telling = await running('telling.mjs', 'throw new Error("it was handed out")')
  await using pool = new WorkerPool({ jobs: 1, signal: new AbortController().signal, pair })
  const lost = await Promise.allSettled([pool.run(deadly), pool.run(deadly)])
  for (const one of lost) {
    expect(one).toMatchObject({ reason: { kind: 'environment', message: expect.stringContaining('exit code 3') } })
  }
  await expect(pool.run(telling)).rejects.toThrow('it was handed out')
  await rm(folder, { recursive: true })
})
