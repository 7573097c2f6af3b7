import { describe, expect, test } from 'vitest'
import { pythonProgram } from '../../src/graders/python/program-of.ts'
import { doubled, rightBody } from './python-item.ts'

const head = doubled.prompt.slice(0, doubled.prompt.indexOf('def doubled'))
const definition = `def doubled(xs):\n${rightBody.trimEnd()}`
const ofAnswer = (text: string): string => pythonProgram(doubled, { text, form: 'answer' })
const ofCompletion = (text: string): string => pythonProgram(doubled, { text, form: 'completion' })

describe('the program in an answer', () => {
  test.each([
    ['a block', `Here it is:\n\`\`\`python\n${definition}\n\`\`\`\nIt doubles.`],
    ['a block without a language', `\`\`\`\n${definition}\n\`\`\``],
    ['a block of the language by another name', `\`\`\`py\n${definition}\n\`\`\``],
    ['a block that was cut off', `\`\`\`python\n${definition}`],
    [
      'the second block, when that has the function',
      `\`\`\`bash\npip install x\n\`\`\`\n\`\`\`python\n${definition}\n\`\`\``,
    ],
    [
      'the first of two that have it',
      `\`\`\`python\n${definition}\n\`\`\`\n\`\`\`python\ndef doubled(xs): return 1\n\`\`\``,
    ],
    ['a block inside a list', `1. So:\n   \`\`\`python\n${definition.replace(/^/gm, '   ')}\n   \`\`\``],
    ['no block, after a sentence', `The function is below.\n\n${definition}`],
  ])('%s', (_, text) => {
    const program = ofAnswer(text)
    expect(program.startsWith(head)).toBe(true)
    expect(program).toContain(definition)
    expect(program).not.toMatch(/```|It doubles|return 1|pip install|sentence/)
  })

  test('a body alone goes on from the prompt', () => {
    expect(ofAnswer(`\`\`\`python\n${rightBody}\`\`\``)).toBe(doubled.prompt + rightBody.trimEnd())
    expect(ofAnswer('```python\nreturn [2 * x for x in xs]\n```')).toBe(doubled.prompt + rightBody.trimEnd())
  })

  test('imports and helpers of the prompt stay', () => {
    const program = ofAnswer(`\`\`\`python\n${definition}\n\`\`\``)
    expect(program).toContain('from typing import List')
    expect(program).toContain('def twice(')
  })
})

describe('the program in a completion', () => {
  test('ends where the function ends', () => {
    for (const after of [
      '\ndef other():\n    pass',
      '\nclass A: pass',
      '\n# done',
      '\nprint(doubled([1]))',
      '\nif 1:\n    pass',
      '\n```',
    ]) {
      expect(ofCompletion(rightBody.trimEnd() + after)).toBe(doubled.prompt + rightBody.trimEnd())
    }
  })

  test('keeps what is inside it', () => {
    const inner = '    def add(a):\n        # twice\n        return a + a\n    return [add(x) for x in xs]\n'
    expect(ofCompletion(inner)).toBe(doubled.prompt + inner)
  })
})
