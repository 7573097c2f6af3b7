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

describe("a rule of one's own", () => {
  it(
    'takes a rule that the file itself registers, outside the repository, in worker processes and over live shards',
    async () => {
      const example = await readFile(new URL('../../examples/own-rule.ts', import.meta.url), 'utf8')
      const outside = await mkdtemp(join(tmpdir(), 'dsd-own-rule-'))
      // What npm install <path of the clone>/packages/experiments leaves.
      await mkdir(join(outside, 'node_modules/@dsd-lab'), { recursive: true })
      const installed = join(outside, 'node_modules/@dsd-lab/experiments')
      await symlink(fileURLToPath(new URL('../..', import.meta.url)), installed, 'dir')
      await writeFile(join(outside, 'own-rule.ts'), example)
      const elsewhere = place.newRuns()
      const words = ['run', 'own-rule.ts', '--no-report', '--jobs', '1']
      const run = await exp(words, { cwd: outside, env: { DSD_RUNS: elsewhere } })
      await rm(outside, { recursive: true })
      expect(run.err).not.toContain('unknown acceptance rule')
      expect(run.code).toBe(0)
      const folder = new RunFolder(await onlyRun(elsewhere))
      const manifest = await folder.manifest()
      const lives = await Promise.all(manifest.live.map((id) => folder.readLive(id)))
      expect(lives.map((live) => live?.identical)).toEqual([true, true])
      const relaxed = (await folder.summary()).quality.map(({ variant, relaxedRate }) => [variant, relaxedRate > 0])
      expect(relaxed).toEqual([
        ['exact', false],
        ['near-nats0.2', expect.any(Boolean)],
        ['near-nats0.7', true],
      ])
    },
    patience,
  )
})
