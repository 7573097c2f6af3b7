import { spawn } from 'node:child_process'
import {
  type FileHandle,
  mkdtemp,
  open as openFile,
  readdir,
  readFile,
  rm,
  truncate,
  writeFile,
} from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DsdError } from '@dsd-lab/core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { writeAtomically } from '../../src/store/atomic-write.ts'
import { Checkpoint } from '../../src/store/checkpoint.ts'
import { lockRun } from '../../src/store/run-lock.ts'
import { findRun, findRuns } from '../../src/store/runs-folder.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dsd-store-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const lineOf = async (act: () => Promise<unknown>): Promise<string> => {
  try {
    await act()
  } catch (error) {
    if (error instanceof DsdError) return error.line
    throw error
  }
  return 'nothing was thrown'
}

describe('a file is whole or not there', () => {
  it('makes folders, replaces the old content and leaves nothing beside it', async () => {
    const path = join(folder, 'a', 'b.json')
    await writeAtomically(path, 'one')
    await writeAtomically(path, 'two')
    expect(await readFile(path, 'utf8')).toBe('two')
    expect(await readdir(join(folder, 'a'))).toEqual(['b.json'])
  })

  it('says in one line that a file is in the way', async () => {
    await writeFile(join(folder, 'runs'), 'not a folder')
    expect(await lineOf(() => writeAtomically(join(folder, 'runs', 'x.json'), ''))).toMatch(
      /there is a file where a folder is needed; choose another folder with --runs$/,
    )
  })

  it('killed while it writes all the time, it leaves the old file or the new one', async () => {
    const module = new URL('../../src/store/atomic-write.ts', import.meta.url).href
    const path = join(folder, 'big.json')
    const script = `
      import { writeAtomically } from ${JSON.stringify(module)}
      for (let i = 0; ; i++) await writeAtomically(${JSON.stringify(path)}, JSON.stringify(Array(50000).fill(i)))`
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { stdio: 'ignore' })
    for (let waited = 0; waited < 20_000 && !(await readdir(folder)).includes('big.json'); waited += 20) await sleep(20)
    await sleep(137)
    child.kill('SIGKILL')
    await new Promise((done) => child.once('exit', done))
    const numbers = z.array(z.number()).parse(JSON.parse(await readFile(path, 'utf8')))
    expect(numbers).toHaveLength(50_000)
    expect(new Set(numbers).size).toBe(1)
  })
})

describe('a checkpoint', () => {
  const entry = z.object({ n: z.number() })
  const open = () => Checkpoint.open(join(folder, 'p', 'x.jsonl'), (line) => entry.parse(line))

  it('gives back what was appended, in order', async () => {
    {
      await using checkpoint = await open()
      await Promise.all([1, 2, 3].map((n) => checkpoint.append({ n })))
    }
    await using again = await open()
    expect(again.recovered).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }])
  })

  it.each([1, 2, 5])('torn by %i bytes it loses the last entry only, and goes on after it', async (bytes) => {
    {
      await using checkpoint = await open()
      for (const n of [1, 2, 3]) await checkpoint.append({ n })
    }
    const path = join(folder, 'p', 'x.jsonl')
    await truncate(path, (await readFile(path)).length - bytes)
    {
      await using torn = await open()
      expect(torn.recovered).toEqual([{ n: 1 }, { n: 2 }])
      await torn.append({ n: 4 })
    }
    await using mended = await open()
    expect(mended.recovered).toEqual([{ n: 1 }, { n: 2 }, { n: 4 }])
  })

  it.each([
    ['a damaged line', '{"n":1}\n{"n":\0\0\n{"n":3}\n', 'the line is damaged'],
    ['an entry of another shape', '{"n":1}\n{"m":2}\n{"n":3}\n', 'the line is no entry of this version'],
    ['a last entry of another shape', '{"n":1}\n{"m":2}\n', 'the line is no entry of this version'],
  ])('with %s it is refused by the line, and nothing is deleted', async (_, content, message) => {
    const path = join(folder, 'p', 'x.jsonl')
    await writeAtomically(path, content)
    expect(await lineOf(open)).toMatch(`${path}:2: ${message}`)
    expect(await readFile(path, 'utf8')).toBe(content)
  })

  it('loses a last line that is damaged', async () => {
    await writeAtomically(join(folder, 'p', 'x.jsonl'), '{"n":1}\n\0\0\0\n')
    await using checkpoint = await open()
    expect(checkpoint.recovered).toEqual([{ n: 1 }])
  })

  it('glues no entry to what a full disk left of the one before', async () => {
    await using probe = await openFile(join(folder, 'probe'), 'w')
    const handles: FileHandle = Object.getPrototypeOf(probe)
    {
      await using checkpoint = await open()
      await checkpoint.append({ n: 1 })
      vi.spyOn(handles, 'appendFile').mockImplementationOnce(async function (this: FileHandle) {
        await this.write('{"n":')
        throw Object.assign(new Error('no space'), { code: 'ENOSPC' })
      })
      expect(await lineOf(() => checkpoint.append({ n: 2 }))).toContain('the disk is full')
      vi.restoreAllMocks()
      await checkpoint.append({ n: 3 })
    }
    await using again = await open()
    expect(again.recovered).toEqual([{ n: 1 }, { n: 3 }])
  })
})

describe('a run belongs to one process', () => {
  it('refuses a second writer by the number of the first, and lets go at the end', async () => {
    {
      await using _ = await lockRun(folder)
      expect(await lineOf(() => lockRun(folder))).toContain(`process ${process.pid} is writing this run; wait for it`)
    }
    await using again = await lockRun(folder)
    expect(again).toBeDefined()
  })

  it('takes over from a process that died', async () => {
    const child = spawn('true')
    await new Promise((done) => child.once('exit', done))
    await writeFile(join(folder, 'run.lock'), `${child.pid} 12345\n`)
    await using lock = await lockRun(folder)
    expect(lock).toBeDefined()
  })

  it('takes over where another process has got the number since', async () => {
    await writeFile(join(folder, 'run.lock'), `${process.pid} 1\n`)
    await using lock = await lockRun(folder)
    expect(lock).toBeDefined()
  })
})

describe('a lock that changes hands', () => {
  const lockFile = (): string => join(folder, 'run.lock')

  it('is taken by one of many who find the same stale one', async () => {
    await writeFile(lockFile(), `${process.pid} 1\n`)
    const taken = await Promise.allSettled(Array.from({ length: 8 }, () => lockRun(folder)))
    const held = taken.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    expect(held).toHaveLength(1)
    await held[0]?.[Symbol.asyncDispose]()
    expect(await readdir(folder)).toEqual([])
  })

  it('is not let go by whom it no longer belongs to', async () => {
    {
      await using _ = await lockRun(folder)
      await writeFile(lockFile(), 'another')
    }
    expect(await readFile(lockFile(), 'utf8')).toBe('another')
  })

  it('of another machine is not stale, whatever runs here', async () => {
    await writeFile(lockFile(), `${process.pid} 1 not-${hostname()} token\n`)
    expect(await lineOf(() => lockRun(folder))).toContain(
      `process ${process.pid} on not-${hostname()} is writing this run`,
    )
  })
})

describe('finding a run', () => {
  it('passes over a file that lies among the runs', async () => {
    await writeFile(join(folder, 'notes.txt'), 'slow links')
    expect(await findRuns(folder)).toEqual([])
  })

  it('an unknown name says where it looked', async () => {
    expect(await lineOf(() => findRun(folder, 'ablation'))).toBe(
      `${folder}: no run is called ablation; make one with exp run`,
    )
  })
})
