import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import type { PythonProgramItem } from '../../src/datasets/index.ts'
import { humaneval } from '../../src/datasets/published/humaneval.ts'
import { digestOfRows } from '../../src/datasets/published/install.ts'
import { readRows } from '../../src/datasets/published/read-rows.ts'
import { PythonGrader } from '../../src/graders/python/python-grader.ts'

/** The published file, which is not part of this repository. */
const { DSD_HUMANEVAL: file } = process.env

async function items(): Promise<PythonProgramItem[]> {
  if (file === undefined) throw new Error('set DSD_HUMANEVAL to the path of HumanEval.jsonl.gz')
  const rows = await readRows(humaneval, { bytes: await readFile(file), where: file })
  expect(digestOfRows(rows)).toBe(humaneval.digest)
  return rows.flatMap(({ item }) => (item.kind === 'python-program' ? [item] : []))
}

describe('HumanEval', () => {
  test('all 164 reference solutions pass, as completions and as answers', async () => {
    await using grader = new PythonGrader({ workers: 2 })
    const problems = await items()
    expect(problems).toHaveLength(164)
    const failed = await Promise.all(
      problems.flatMap((item) => [
        grader.grade(item, item.reference, 'raw').then((verdict) => ({ id: item.id, form: 'raw', ...verdict })),
        grader
          .grade(item, `${item.prompt}${item.reference}\`\`\`\n`, 'chat')
          .then((verdict) => ({ id: item.id, form: 'chat', ...verdict })),
      ]),
    )
    expect(failed.filter(({ correct }) => !correct)).toEqual([])
  })

  test('a function that returns nothing fails on every problem', async () => {
    await using grader = new PythonGrader({ workers: 2 })
    const problems = await items()
    const verdicts = await Promise.all(
      problems.map((item) =>
        grader.grade(item, '    return None\n', 'raw').then(({ correct }) => ({ id: item.id, correct })),
      ),
    )
    expect(verdicts.filter(({ correct }) => correct)).toEqual([])
  })
})
