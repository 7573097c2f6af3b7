import { execFileSync } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { exp, onlyRun, startExp, studySource, workplace, writeStudy } from './exp-process.ts'
import { lockedFolder } from './locked-folder.ts'
import { smallDisk } from './small-disk.ts'

const place = workplace()
const cwd = place.folder
const patience = 300_000
afterAll(() => place[Symbol.dispose]())

describe('trouble on the machine: one line, and nothing finished is lost', () => {
  const native = "{ target: 'bundled:lab-target', draft: 'bundled:lab-draft', engine: 'tfjs-node' }"
  const small = { tasks: "[task('word-problems', { limit: 2, maxTokens: 8 })]", seeds: '[1]' }

  it(
    'a full disk',
    async () => {
      await writeStudy(cwd, 'full.ts', studySource(small))
      const disk = smallDisk()
      try {
        const words = ['run', 'full.ts', '--no-report', '--jobs', '1']
        const full = await exp(words, { cwd, ...disk.full })
        expect(full.err.trimEnd().split('\n').at(-1)).toMatch(
          /: the disk is full; free some space and run the same command again: finished work is kept$/,
        )
        expect(full.err).not.toMatch(/^ +at /m)
        expect(full.code).toBe(1)
        disk.grow()
        expect((await exp(words, { cwd, ...disk.roomy })).code).toBe(0)
      } finally {
        disk.end()
      }
    },
    patience,
  )

  it(
    'an engine that is not set up: another one, and how to get it',
    async () => {
      await writeStudy(cwd, 'other-engine.ts', studySource({ ...small, models: native }))
      const words = ['run', 'other-engine.ts', '--no-report', '--jobs', '1']
      const outcome = await exp(words, { cwd, env: { DSD_RUNS: place.newRuns(), DSD_CACHE: place.newRuns() } })
      expect(outcome.err).toMatch(
        /^engine (onnx|tfjs-wasm|tfjs-cpu): tfjs-node is not set up here; run pnpm setup:native \(with --gpu for CUDA\) to get it\n/,
      )
      expect(outcome.code).toBe(0)
    },
    patience,
  )

  it(
    'no permission to write',
    async () => {
      const locked = lockedFolder()
      try {
        await writeStudy(cwd, 'locked.ts', studySource(small))
        const outcome = await exp(['run', 'locked.ts', '--no-report'], { cwd, env: { DSD_RUNS: locked.folder } })
        expect(outcome.err.trimEnd()).toMatch(
          /^\S*dsd-locked-\S*: no permission to write here; choose another folder with --runs, or mend its permissions$/,
        )
        expect(outcome.code).toBe(1)
      } finally {
        locked.end()
      }
    },
    patience,
  )

  it(
    'a port in use',
    async () => {
      const server = createServer()
      await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
      const { port } = z.custom<AddressInfo>((value) => typeof value === 'object').parse(server.address())
      const script = fileURLToPath(new URL('../../../node-runtime/src/cli/dsd-node.ts', import.meta.url))
      const words = [
        '--model',
        'bundled:lab-target',
        '--layers',
        '0:8',
        '--node',
        '0',
        '--nodes',
        '1',
        '--port',
        `${port}`,
      ]
      const command = [process.execPath, '--import', import.meta.resolve('tsx'), script] as const
      const outcome = await exp(words, { cwd, command: [...command] })
      server.close()
      expect(outcome.err.trimEnd()).toMatch(new RegExp(`^dsd-node: .*${port}.*in use.*`))
      expect(outcome.code).toBe(1)
    },
    patience,
  )

  it(
    'a worker that is killed',
    async () => {
      await writeStudy(cwd, 'worker.ts', studySource(small))
      const runs = place.newRuns()
      const running = startExp(['run', 'worker.ts', '--no-report', '--jobs', '1'], { cwd, env: { DSD_RUNS: runs } })
      await killFirstChild(running.child.pid ?? 0, 'decode/worker')
      expect(await running.outcome).toMatchObject({ code: 0 })
      expect(await readdir(await onlyRun(runs))).toContain('summary.json')
    },
    patience,
  )

  it(
    'a node that is killed at start',
    async () => {
      await writeStudy(cwd, 'live.ts', studySource({ ...small, live: '{ cells: 1, prompts: 1 }' }))
      const runs = place.newRuns()
      const options = { cwd, env: { DSD_RUNS: runs } }
      const running = startExp(['run', 'live.ts', '--no-report'], options)
      await killFirstChild(running.child.pid ?? 0, 'dsd-node')
      const outcome = await running.outcome
      expect(outcome.err.trimEnd().split('\n').at(-1)).toMatch(/^live: .*node \d.*; /)
      expect(outcome.code).toBe(1)
      expect(outcome.out).toContain('speed-up over plain decoding')
      expect(await readdir(await onlyRun(runs))).toContain('summary.json')
      const again = await exp(['run', 'live.ts', '--no-report'], options)
      expect(again).toMatchObject({ code: 0 })
      expect(await readdir(join(await onlyRun(runs), 'live'))).toHaveLength(1)
    },
    patience,
  )

  it(
    'a second process on the same run',
    async () => {
      await writeStudy(cwd, 'twice.ts', studySource(small))
      const runs = place.newRuns()
      const options = { cwd, env: { DSD_RUNS: runs } }
      const running = startExp(['run', 'twice.ts', '--no-report'], options)
      while ((await readdir(runs)).length === 0) await sleep(20)
      const second = await exp(['run', 'twice.ts', '--no-report'], options)
      const one = await running.outcome
      expect(one.code).toBe(0)
      // On a slow machine the first may have ended before the second looked.
      if (second.code !== 0)
        expect(second.err.trimEnd()).toMatch(
          new RegExp(`process ${running.child.pid} is writing this run; wait for it`),
        )
      expect([0, 1]).toContain(second.code)
    },
    patience,
  )
})

/** Kills the first child of a process whose command line holds a name, as soon as it is there. */
async function killFirstChild(parent: number, name: string): Promise<void> {
  for (let waited = 0; waited < 120_000; waited += 10) {
    const processes = execFileSync('ps', ['-axo', 'pid=,ppid=,args='], { encoding: 'utf8' })
    for (const line of processes.split('\n')) {
      const [pid = 0, ppid = 0] = line.trim().split(/\s+/).map(Number)
      if (ppid !== parent || !line.includes(name)) continue
      process.kill(pid, 'SIGKILL')
      return
    }
    await sleep(10)
  }
  throw new Error(`no ${name} was started`)
}
