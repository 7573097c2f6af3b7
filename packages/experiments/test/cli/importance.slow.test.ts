import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, it } from 'vitest'
import { exp, startExp, studySource, workplace, writeStudy } from './exp-process.ts'

const place = workplace()
afterAll(() => place[Symbol.dispose]())

it(
  'a measurement of importance, interrupted and killed, goes on and ends with the same files, byte for byte',
  async () => {
    const cwd = place.folder
    const tasks = "[task('word-problems', { limit: 2 }), task('programs', { limit: 2 })]"
    await writeStudy(cwd, 'small.ts', studySource({ tasks }))
    const words = ['importance', 'small.ts', '--effect', '1']
    const [whole, cut] = [place.newRuns(), place.newRuns()]
    expect(await exp(words, { cwd, env: { DSD_RUNS: whole } })).toMatchObject({ code: 0 })
    const options = { cwd, env: { DSD_RUNS: cut } }
    for (const signal of ['SIGINT', 'SIGKILL'] as const) {
      const before = await countLines(cut)
      const running = startExp(words, options)
      while ((await countLines(cut)) <= before && running.child.exitCode === null) await sleep(20)
      running.child.kill(signal)
      const ended = await running.outcome
      if (signal === 'SIGINT') {
        expect(ended).toMatchObject({
          code: 130,
          err: expect.stringMatching(/interrupted; .*the same command goes on/),
        })
      }
    }
    expect(await exp(words, options)).toMatchObject({ code: 0 })
    for (const file of ['answers.jsonl', 'labels.jsonl', 'effects.jsonl', 'evaluation.json', 'scorer.json']) {
      expect(await contentOf(cut, file), file).toBe(await contentOf(whole, file))
    }
    expect(await contentOf(whole, 'labels.jsonl')).toContain('"kind":"semi-greedy"')
  },
  30 * 60_000,
)

/** Of the one measurement in a folder of runs; undefined where it has no such file. */
async function contentOf(runs: string, file: string): Promise<string | undefined> {
  const [name = ''] = await readdir(runs)
  return readFile(join(runs, name, file), 'utf8').catch(() => undefined)
}

async function countLines(runs: string): Promise<number> {
  return ((await contentOf(runs, 'work.jsonl')) ?? '').split('\n').length - 1
}
