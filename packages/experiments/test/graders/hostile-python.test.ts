import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findPython, probeIsolation } from '../../src/graders/python/find-python.ts'
import { PythonGrader } from '../../src/graders/python/python-grader.ts'
import { body, doubled, rightBody } from './python-item.ts'

const WALL_MS = 3000
/** For starting and ending the processes on a machine that is busy. */
const SLACK_MS = 12_000

const folder = mkdtempSync(join(tmpdir(), 'dsd-precious-'))
const precious = join(folder, 'precious.txt')
const marker = `dsd-hostile-${process.pid}`
let connections = 0
const server = createServer((socket) => {
  connections++
  socket.destroy()
})
let port = 0

const right = 'return [2 * x for x in xs]'
/** Swallows the refusal and answers well. */
const tries = (...lines: readonly string[]): string =>
  body('import os, sys', 'try:', ...lines.map((line) => `    ${line}`), 'except BaseException:', '    pass', right)

/** Each is right, or never ends, or claims to have passed, after what it tries. */
const attacks: Readonly<Record<string, () => string>> = {
  'a fork bomb': () => body('import os', 'while True:', '    os.fork()'),
  'ten gigabytes': () => body('keep = bytearray(10 * 2 ** 30)', right),
  'memory without end': () => body('keep = []', 'while True:', '    keep.append("x" * 10 ** 6)'),
  'an endless loop': () => body('while True:', '    pass'),
  'an endless sleep': () => body('import time', 'time.sleep(3600)', right),
  'a flood of output': () => body('while True:', '    print("x" * 4096)'),
  'a flood of errors': () => body('import sys', 'while True:', '    sys.stderr.write("x" * 4096)'),
  'deleting the home folder': () => tries(`import shutil; shutil.rmtree(${JSON.stringify(folder)})`),
  'deleting a file': () => tries(`os.remove(${JSON.stringify(precious)})`),
  'overwriting a file': () => tries(`open(${JSON.stringify(precious)}, "w").write("gone")`),
  'deleting its own folder': () => tries('import shutil; shutil.rmtree(os.getcwd())'),
  'a socket': () => tries(`import socket; socket.create_connection(("127.0.0.1", ${port}), 2)`),
  'a process of its own': () => tries(`import subprocess; subprocess.Popen(["/bin/sleep", "3600", "${marker}"])`),
  'a daemon': () => tries(`os.fork() or (os.setsid(), os.execv("/bin/sh", ["sh", "-c", "sleep 3600 # ${marker}"]))`),
  'killing its parent': () => tries('os.kill(os.getppid(), 9)'),
  'killing everything': () => tries('os.kill(-1, 9)'),
  'a file that is too large': () => body('with open("large", "w") as file:', '    file.write("x" * 10 ** 8)', right),
  'ending its process well': () => body('import os', 'os._exit(0)'),
  'ending by SystemExit': () => body('import sys', 'sys.exit(0)'),
  'a check of its own': () => body('global check', 'check = lambda candidate: None', 'return None'),
  'an answer that equals all': () => body('class Same:', '    def __eq__(self, other): return True', 'return Same()'),
  'a list that equals all': () =>
    body('class Same(list):', '    def __eq__(self, other): return True', 'return Same()'),
  'looking for the tests': () =>
    body(
      'import gc, sys',
      'sources = [one for one in gc.get_objects() if isinstance(one, dict) and "check" in one]',
      'frame = sys._getframe()',
      'while frame is not None:',
      '    sources += [v for v in frame.f_locals.values() if isinstance(v, str) and "assert candidate" in v]',
      '    frame = frame.f_back',
      'return [2 * x for x in xs] if sources else None',
    ),
}

/** Attacks on others and on the machine: without the guard of the interpreter they may end as right answers, but harm nothing. */
const heldBySystem = ['deleting', 'overwriting', 'a socket', 'a process', 'a daemon', 'killing', 'a fork bomb']

const hiddenProcesses = (): string[] =>
  execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(marker) || line.includes('warden.py'))
    .filter((line) => !line.includes('ps -eo'))

beforeAll(async () => {
  writeFileSync(precious, 'precious')
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  port = typeof address === 'object' && address !== null ? address.port : 0
})
afterAll(() => {
  server.close()
  rmSync(folder, { recursive: true, force: true })
})

function expectNothingHarmed(): void {
  expect(readFileSync(precious, 'utf8')).toBe('precious')
  expect(existsSync(folder)).toBe(true)
  expect(connections).toBe(0)
  expect(hiddenProcesses()).toEqual([])
}

describe('a Python program that attacks its judge', { timeout: 120_000 }, () => {
  const limits = { wallMs: WALL_MS, cpuSeconds: 1, memoryMb: 256, workers: 2 }

  test('fails in bounded time, and nothing is harmed', async () => {
    await using grader = new PythonGrader(limits)
    const verdicts = await Promise.all(
      Object.entries(attacks).map(async ([name, text]) => {
        const began = performance.now()
        const { correct } = await grader.grade(doubled, text(), 'raw')
        return { name, correct, tookMs: performance.now() - began }
      }),
    )
    expect(verdicts.filter(({ correct }) => correct).map(({ name }) => name)).toEqual([])
    expectNothingHarmed()
    expect(await grader.grade(doubled, rightBody, 'raw')).toMatchObject({ correct: true })
    // Two at a time: the sum bounds each.
    const last = Math.max(...verdicts.map(({ tookMs }) => tookMs))
    expect(last).toBeLessThan((verdicts.length / 2) * (WALL_MS + SLACK_MS))
  })

  test('is held by the system alone where that can hold it', async (context) => {
    const python = await findPython()
    const isolation = python === undefined ? undefined : await probeIsolation(python)
    // Containers often forbid namespaces: the guard is then the only fence, and doctor says so.
    if (isolation?.namespaces !== true || !isolation.files) return context.skip()
    await using grader = new PythonGrader({ ...limits, guard: false })
    const chosen = Object.entries(attacks).filter(([name]) => heldBySystem.some((start) => name.startsWith(start)))
    expect(chosen.length).toBeGreaterThan(8)
    await Promise.all(chosen.map(([, text]) => grader.grade(doubled, text(), 'raw')))
    expectNothingHarmed()
  })

  test('a judge that is stopped takes all its processes with it, and says nothing of the program', async () => {
    const grader = new PythonGrader({ ...limits, wallMs: 60_000, cpuSeconds: 60 })
    const verdict = expect(grader.grade(doubled, body('while True:', '    pass'), 'raw')).rejects.toThrow('was stopped')
    await new Promise((resolve) => setTimeout(resolve, 1000))
    await grader[Symbol.asyncDispose]()
    await verdict
    expect(hiddenProcesses()).toEqual([])
  })
})
