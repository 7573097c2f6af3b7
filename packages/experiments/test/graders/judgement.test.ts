import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { loadTask } from '../../src/datasets/index.ts'
import { createGrader } from '../../src/graders/index.ts'
import { type Judgement, settledVerdict } from '../../src/graders/judgement.ts'
import { doubled, rightBody } from './python-item.ts'

const right: Judgement = { kind: 'verdict', verdict: { correct: true, reason: 'passed' } }
const lost = (blame: 'machine' | 'either'): Judgement => ({ kind: 'no-verdict', reason: 'its judge was ended', blame })

/** Gives the judgements in turn. */
const turns = (...judgements: Judgement[]) => {
  const judge = vi.fn<() => Promise<Judgement>>()
  for (const one of judgements) judge.mockResolvedValueOnce(one)
  return judge
}

describe('an answer that got no verdict', () => {
  test('is judged once more', async () => {
    const judge = turns(lost('machine'), right)
    expect(await settledVerdict({ judge })).toMatchObject({ correct: true })
    expect(judge).toHaveBeenCalledTimes(2)
  })

  test('is not wrong where the machine is at fault', async () => {
    for (const second of [lost('machine'), lost('either')]) {
      const settled = settledVerdict({ judge: turns(lost('machine'), second), control: turns(right) })
      await expect(settled).rejects.toMatchObject({ kind: 'environment' })
    }
  })

  test('is wrong where its judge works without it, and only there', async () => {
    const twice = () => turns(lost('either'), lost('either'))
    expect(await settledVerdict({ judge: twice(), control: turns(right) })).toEqual({
      correct: false,
      reason: 'its judge was ended',
    })
    await expect(settledVerdict({ judge: twice(), control: turns(lost('either')) })).rejects.toMatchObject({
      kind: 'environment',
    })
  })
})

describe('a machine that starts no process', { timeout: 60_000 }, () => {
  const { execPath } = process
  afterEach(() => {
    process.execPath = execPath
    vi.unstubAllEnvs()
  })

  test('makes no program in JavaScript wrong', async () => {
    const [item] = loadTask('programs', { limit: 1 }).items
    if (item === undefined) throw new Error('the task has an item')
    process.execPath = '/bin/false'
    await using grader = createGrader({ workers: 1 })
    await expect(grader.grade(item, item.reference)).rejects.toMatchObject({
      kind: 'environment',
      message: 'an answer cannot be graded: the sandbox process did not start',
    })
  })

  test('makes no program in Python wrong', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dsd-no-judge-'))
    const python = join(folder, 'python3')
    // Says what it is, and runs nothing.
    const answer = JSON.stringify({ executable: python, version: [3, 11, 0] })
    await writeFile(python, `#!/bin/sh\ncase "$*" in *" -c "*) echo '${answer}';; *) exit 1;; esac\n`, { mode: 0o755 })
    vi.stubEnv('PYTHON', python)
    await using grader = createGrader()
    await expect(grader.grade(doubled, rightBody)).rejects.toMatchObject({
      kind: 'environment',
      message: 'an answer cannot be graded: its judge was ended',
    })
    await rm(folder, { recursive: true })
  })
})
