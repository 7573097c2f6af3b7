import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { loadTask } from '../../src/datasets/index.ts'
import { gradeNumber } from '../../src/graders/exact-number.ts'
import { createGrader } from '../../src/graders/index.ts'
import { programText } from '../../src/graders/javascript.ts'

const programs = loadTask('programs', { limit: 60, seed: 5 }).items
const problems = loadTask('word-problems', { limit: 60, seed: 5 }).items

describe('word problems', () => {
  const [first] = problems
  test('the last marked number decides', () => {
    if (first?.kind !== 'number') throw new Error('a number item was expected')
    const item = { ...first, answer: '42' }
    expect(gradeNumber(item, 'So 6 * 7 = 42.\n#### 42')).toMatchObject({ correct: true })
    expect(gradeNumber(item, '#### 41\n#### 42').correct).toBe(true)
    expect(gradeNumber(item, '#### 42\n#### 41')).toEqual({ correct: false, reason: '#### 41, expected 42' })
    expect(gradeNumber(item, 'The answer is 42.')).toEqual({ correct: false, reason: 'no line "#### n"' })
    expect(gradeNumber(item, '#### 42.5').correct).toBe(false)
    expect(gradeNumber(item, '#### -42').correct).toBe(false)
    expect(gradeNumber(item, '#### 042').correct).toBe(true)
  })

  test('every reference is right, and every other number is wrong', async () => {
    await using grader = createGrader()
    for (const item of problems) {
      expect(await grader.grade(item, item.reference)).toMatchObject({ correct: true })
      expect((await grader.grade(item, item.reference.replace(/#### .*/, '#### 777'))).correct).toBe(false)
    }
  })
})

describe('programs', () => {
  test('sixty references are judged right within a few seconds', { timeout: 60_000 }, async () => {
    await using grader = createGrader()
    const began = performance.now()
    const verdicts = await Promise.all(programs.map((item) => grader.grade(item, item.reference)))
    expect(verdicts.filter((verdict) => !verdict.correct)).toEqual([])
    expect(performance.now() - began).toBeLessThan(20_000)
  })

  test('a hang costs its own verdict only', { timeout: 60_000 }, async () => {
    await using grader = createGrader({ workers: 1, wallMs: 500 })
    const verdicts = await Promise.all(
      programs
        .slice(0, 9)
        .map((item, index) => grader.grade(item, index % 3 === 1 ? '\n  for (;;) {}\n}' : item.reference)),
    )
    expect(verdicts.map((verdict) => verdict.correct)).toEqual([
      true,
      false,
      true,
      true,
      false,
      true,
      true,
      false,
      true,
    ])
    expect(verdicts[1]?.reason).toBe('ran longer than 500 ms')
  })

  test('a wrong value, a syntax error and an exception each say what happened', { timeout: 60_000 }, async () => {
    await using grader = createGrader()
    const [item] = programs
    if (item?.kind !== 'program') throw new Error('a program item was expected')
    expect((await grader.grade(item, "\n  return 'no'\n}")).reason).toMatch(/^test 1: expected .*, got "no"$/)
    expect((await grader.grade(item, '\n  return (')).reason).toMatch(/^SyntaxError: /)
    expect((await grader.grade(item, '\n  return nothing.here\n}')).reason).toBe(
      'ReferenceError: nothing is not defined',
    )
    expect((await grader.grade(item, '\n  throw null\n}')).correct).toBe(false)
  })

  test('what follows the closing line is not the program', () => {
    expect(programText('function f(x) {', '\n  return x\n}\nThis returns x.')).toBe('function f(x) {\n  return x\n}')
  })

  test('no guest process outlives its grader, nor a parent that just ends', { timeout: 60_000 }, async () => {
    const script = `
      import { createGrader } from ${JSON.stringify(new URL('../../src/graders/index.ts', import.meta.url).href)}
      import { loadTask } from ${JSON.stringify(new URL('../../src/datasets/index.ts', import.meta.url).href)}
      const grader = createGrader({ workers: 1 })
      const [item] = loadTask('programs', { limit: 1 }).items
      await grader.grade(item, item.reference)
      process.exit(0)`
    const count = () =>
      execFileSync('ps', ['-eo', 'ppid,args'], { encoding: 'utf8' })
        .split('\n')
        .filter((line) => line.includes('guest.mjs') && line.trim().startsWith('1 ')).length
    const before = count()
    execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { stdio: 'inherit' })
    expect(count()).toBe(before)
  })
})
