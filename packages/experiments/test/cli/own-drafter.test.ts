import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { RunFolder } from '../../src/store/run-folder.ts'
import { exp, onlyRun, workplace } from './exp-process.ts'

const place = workplace()
const patience = 300_000
afterAll(() => place[Symbol.dispose]())

describe("a drafter of one's own", () => {
  it(
    'drafts in worker processes and for live shards, from a file outside the repository, and changes no text',
    async () => {
      const example = await readFile(new URL('../../examples/own-drafter.ts', import.meta.url), 'utf8')
      const outside = await mkdtemp(join(tmpdir(), 'dsd-own-drafter-'))
      await mkdir(join(outside, 'node_modules/@dsd-lab'), { recursive: true })
      const installed = join(outside, 'node_modules/@dsd-lab/experiments')
      await symlink(fileURLToPath(new URL('../..', import.meta.url)), installed, 'dir')
      await writeFile(join(outside, 'own-drafter.ts'), example)
      const elsewhere = place.newRuns()
      const words = ['run', 'own-drafter.ts', '--no-report', '--jobs', '1']
      const run = await exp(words, { cwd: outside, env: { DSD_RUNS: elsewhere } })
      await rm(outside, { recursive: true })
      expect(run.err).not.toContain('unknown drafter')
      expect(run.code).toBe(0)
      const folder = new RunFolder(await onlyRun(elsewhere))
      const { models, live } = await folder.manifest()
      expect(models).toMatchObject({ draft: null, drafter: 'followers(least 1)' })
      expect((await folder.readLive(live[0] ?? ''))?.identical).toBe(true)
      const { quality } = await folder.summary()
      expect(quality.find(({ variant }) => variant === 'strict')?.acceptance.estimate).toBeGreaterThan(0)
      expect(quality[0]?.versusBaseline?.differencePoints.estimate).toBe(0)
    },
    patience,
  )
})
