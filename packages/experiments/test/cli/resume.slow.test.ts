import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { PURPOSE, uniformField } from '@dsd-lab/core'
import { afterAll, expect, it } from 'vitest'
import { countTexts, exp, onlyRun, startExp, textsFinished, workplace } from './exp-process.ts'

const place = workplace()
afterAll(() => place[Symbol.dispose]())
const words = ['run', 'ablation-adaptive.ts', '--no-report']
const KILLS = 5

it(
  'the default ablation, killed at five random moments, ends with the same summary, byte for byte',
  async () => {
    const cwd = place.folder
    const [whole, cut] = [place.newRuns(), place.newRuns()]
    // A busy machine has no live cells, and says so.
    const finished = { code: 0, err: expect.not.stringContaining('live: ') }
    expect(await exp(words, { cwd, env: { DSD_RUNS: whole } })).toMatchObject(finished)
    const texts = await countTexts(whole)
    const moments = uniformField({ seed: 1, purpose: PURPOSE.PROBE, sequence: 0, position: 0 })
    for (let kill = 0; kill < KILLS; kill++) {
      const running = startExp(words, { cwd, env: { DSD_RUNS: cut } })
      // A part further on each time, then anywhere in the next seconds: between texts, inside one, while files are written.
      await textsFinished(cut, Math.floor((texts * kill) / KILLS))
      await sleep(6000 * moments.at(kill))
      running.child.kill('SIGKILL')
      await running.outcome
    }
    expect(await exp(words, { cwd, env: { DSD_RUNS: cut } })).toMatchObject(finished)
    const summary = async (runs: string): Promise<string> => readFile(join(await onlyRun(runs), 'summary.json'), 'utf8')
    expect(await summary(cut)).toBe(await summary(whole))
  },
  30 * 60_000,
)
