import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { publishedDataset } from '../../src/datasets/published/index.ts'
import { addData } from '../../src/datasets/published/install.ts'
import { experiment, task } from '../../src/index.ts'
import { gatherFacts } from '../../src/runner/gather-facts.ts'

const study = experiment({
  title: 'A task that needs something',
  models: { target: 'bundled:lab-target' },
  tasks: [task('programs'), task('humaneval', { limit: 2 })],
  cluster: { nodes: 1, compute: { baseMs: 10, perRowMs: 0.4 }, link: { latencyMs: 20 } },
  arms: { plain: { decode: 'autoregressive' } },
  baseline: 'plain',
})
let cache = ''

beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'dsd-data-'))
  vi.stubEnv('DSD_CACHE', cache)
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(cache, { recursive: true, force: true })
})

test('data that is not there is said before anything is decoded, with its place in the experiment', async () => {
  await expect(gatherFacts('study.ts', study)).rejects.toMatchObject({
    exitCode: 1,
    line: 'tasks[1]: humaneval is not on this machine; exp data pull humaneval fetches it from the hub, exp data add humaneval <file> takes a file',
  })
})

test('a Python that is not there, too', async () => {
  const file = fileURLToPath(new URL('../datasets/fixtures/functions.jsonl', import.meta.url))
  await addData({ dataset: publishedDataset('humaneval'), file, unpinned: true })
  vi.stubEnv('PYTHON', join(cache, 'no-python'))
  await expect(gatherFacts('study.ts', study)).rejects.toMatchObject({
    exitCode: 1,
    line: 'tasks[1]: humaneval is judged by running Python, and there is no python3 of version 3.8 or later; install one on Linux or macOS, or name it with $PYTHON',
  })
})
