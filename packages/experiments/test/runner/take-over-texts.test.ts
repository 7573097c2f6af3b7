import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { TextEntry } from '../../src/runner/decode/text-entry.ts'
import { readPass, takeOverTexts } from '../../src/runner/take-over-texts.ts'
import { RunFolder } from '../../src/store/run-folder.ts'

let runs: string
beforeEach(async () => {
  runs = await mkdtemp(join(tmpdir(), 'dsd-take-over-'))
})
afterEach(() => rm(runs, { recursive: true }))

const entry = (item: string, text: string): TextEntry => ({
  promptTokens: 1,
  maxLength: 9,
  events: [],
  drafts: null,
  text,
  pieces: [text],
  sequence: 0,
  item,
  correct: null,
  reason: '',
})

async function writePass(run: string, ...entries: TextEntry[]): Promise<string> {
  const path = new RunFolder(join(runs, run)).passFile('pass')
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, entries.map((one) => `${JSON.stringify(one)}\n`).join(''))
  return path
}

const taken = async (): Promise<readonly (readonly [string, string])[]> => {
  const folder = new RunFolder(join(runs, 'own'))
  await takeOverTexts({ folder, id: 'pass', items: 3 })
  return (await readPass(folder.passFile('pass'))).map(({ item, text }) => [item, text])
}

it('a run that was cut is filled up from others, cut ones too, and keeps what it has', async () => {
  await writePass('own', entry('a', 'own'))
  const torn = await writePass('another', entry('b', 'another'))
  await appendFile(torn, JSON.stringify(entry('c', 'torn')).slice(0, 20))
  await writePass('finished', entry('a', 'finished'), entry('b', 'finished'), entry('c', 'finished'))
  expect(await taken()).toEqual([
    ['a', 'own'],
    ['b', 'another'],
    ['c', 'finished'],
  ])
})

it('a pass that nobody else has begun is left as it is, byte for byte', async () => {
  const own = await writePass('own', entry('a', 'own'))
  const before = await readFile(own, 'utf8')
  await mkdir(join(runs, 'other', 'passes'), { recursive: true })
  expect(await taken()).toEqual([['a', 'own']])
  expect(await readFile(own, 'utf8')).toBe(before)
})

it('a damaged pass of another run is passed over', async () => {
  const damaged = await writePass('damaged', entry('a', 'damaged'))
  await appendFile(damaged, `{ no json\n${JSON.stringify(entry('b', 'damaged'))}\n`)
  await writePass('whole', entry('a', 'whole'))
  expect(await taken()).toEqual([['a', 'whole']])
})
