import { mkdtempSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RunFolder } from '../../src/store/run-folder.ts'
import { exp, onlyRun, startExp, studySource, textsFinished, workplace, writeStudy } from './exp-process.ts'

const place = workplace()
const cwd = place.folder
const cache = mkdtempSync(join(tmpdir(), 'dsd-cache-'))
const fixture = fileURLToPath(new URL('../datasets/fixtures/functions.jsonl', import.meta.url))
const patience = 300_000

const source = studySource({
  models: "{ target: 'bundled:lab-target', draft: promptLookup() }",
  tasks: "[task('humaneval', { maxTokens: 24 })]",
  arms: `{
    autoregressive: { decode: 'autoregressive' },
    lookup: { decode: 'speculative', gamma: 4, accept: strict() },
  }`,
  baseline: "'autoregressive'",
  seeds: '[1]',
})

beforeAll(async () => {
  await writeStudy(cwd, 'functions.ts', source)
})
afterAll(() => {
  place[Symbol.dispose]()
  rmSync(cache, { recursive: true, force: true })
})

const env = (runs: string) => ({ DSD_CACHE: cache, DSD_RUNS: runs })
const words = ['run', 'functions.ts', '--no-report', '--jobs', '1', '--limit', '2']

describe('a task whose data others have published', () => {
  it(
    'is added from a file, decoded on as many items as asked for, judged and timed; killed on the way it goes on, to the same summary',
    async () => {
      const added = await exp(['data', 'add', 'humaneval', fixture, '--unpinned'], { cwd, env: env(cache) })
      expect(added.out).toMatch(/^humaneval: 3 items, not as published: runs carry its digest, [0-9a-f]{12}\n$/)
      const [whole, cut] = [place.newRuns(), place.newRuns()]
      const first = await exp(words, { cwd, env: env(whole) })
      expect(first.err).toMatch(/decoding, \d+ of 4 texts/)
      expect(first.out).toContain('humaneval, 2 prompts')
      expect(first.code).toBe(0)
      const folder = new RunFolder(await onlyRun(whole))
      const manifest = await folder.manifest()
      expect(manifest.tasks).toMatchObject([{ items: 2, maxTokens: 24, prompt: 'raw', data: { published: false } }])
      expect(manifest.models).toMatchObject({ draft: null, drafter: 'prompt-lookup(ngram 3, minNgram 1)' })
      const [plain, lookup] = await Promise.all(manifest.decodings.map(({ id }) => folder.readDecoding(id)))
      expect(plain?.items.map(({ text }) => text)).toEqual(lookup?.items.map(({ text }) => text))
      expect(lookup?.method).toBe('decoded')
      for (const { correct, reason } of plain?.items ?? []) {
        expect(typeof correct).toBe('boolean')
        expect(reason).not.toBe('')
      }

      const running = startExp(words, { cwd, env: env(cut) })
      await textsFinished(cut, 1)
      running.child.kill('SIGKILL')
      await running.outcome
      expect(await exp(words, { cwd, env: env(cut) })).toMatchObject({ code: 0 })
      const summary = async (runs: string): Promise<string> =>
        readFile(join(await onlyRun(runs), 'summary.json'), 'utf8')
      expect(await summary(cut)).toBe(await summary(whole))
    },
    patience,
  )
})
