import { TOKEN_CLASSES, type TokenClass } from '@dsd-lab/core'
import { describe, expect, it } from 'vitest'
import { classifyPiece, classifyVocabulary } from '../../src/index.ts'

const examples: Record<TokenClass, readonly string[]> = {
  number: ['7', ' 42', '3.5', '$12', ' twelve', ' Twice', ' half', '1,000'],
  operator: ['+', ' =', ' ===', '=>', '&&', '%', ' *', '!==', '<='],
  identifier: ['x', ' total_cost', 'isEven', 'arr2', '_', ' $item'],
  keyword: [' return', 'const', 'function', ' null'],
  name: [' Maria', 'Tom', ' London'],
  negation: [' not', ' never', "n't", ' don’t', ' without'],
  connective: [' because', ' so', ' Then', ' if', ' However'],
  'function-word': [' the', 'The', ' of', ' is', ' a'],
  punctuation: ['.', ',', ' (', '{', '####', '");', '-'.repeat(64)],
  whitespace: [' ', '\n', '\n\n', '    ', 'Ġ', 'Ċ'],
  other: ['', ' apples', 'ing', ' bought', '\ufffd'],
}

describe.each(Object.entries(examples))('%s', (tokenClass, pieces) => {
  it.each(pieces)('holds %j', (piece) => {
    expect(classifyPiece(piece)).toBe(tokenClass)
  })
})

describe('classifyVocabulary', () => {
  it('takes no longer for odd tokens than for plain ones', () => {
    const odd = [`${'='.repeat(4000)}x`, `${'a1'.repeat(2000)} `, `${'1.'.repeat(2000)}x`]
    const start = performance.now()
    classifyVocabulary(odd)
    expect(performance.now() - start).toBeLessThan(2000)
  })

  it('gives one class index per token, space markers understood', () => {
    const classes = classifyVocabulary(['Ġthe', '▁7', 'Ċ', ' Maria'])
    expect([...classes].map((index) => TOKEN_CLASSES[index])).toEqual(['function-word', 'number', 'whitespace', 'name'])
  })
})
