import { describe, expect, test } from 'vitest'
import type { FinalNumberItem } from '../../src/datasets/index.ts'
import { gradeFinalNumber } from '../../src/graders/final-number.ts'

const item = (answer: string): FinalNumberItem => ({
  kind: 'final-number',
  id: 'own/0',
  task: 'own',
  prompt: '',
  reference: '',
  answer,
})
const isRight = (text: string, answer: string): boolean | null => gradeFinalNumber(item(answer), text).correct

describe('the final number of an answer', () => {
  test.each([
    ['So it is \\boxed{18}.', '18'],
    ['first \\boxed{3}, no, \\boxed{18}', '18'],
    ['\\boxed{18} and 5 left over', '18'],
    ['\\[ \\boxed{\\$1,234.00} \\]', '1234'],
    ['\\boxed{18 \\text{ dollars}}', '18'],
    ['\\boxed{\\text{18 eggs}}', '18'],
    ['\\boxed{x = 18}', '18'],
    ['\\boxed{50\\%}', '50'],
    ['\\boxed{-3}', '-3'],
    ['\\boxed{2{,}125}', '2125'],
    ['\\boxed{\\frac{36}{2}}', '18'],
    ['\\boxed{0.50}', '0.5'],
    ['3 + 4 = 7\n#### 18', '18'],
    ['#### $1,800', '1800'],
    ['#### 18.00', '18'],
    ['The answer is 18. It took 3 steps.', '18'],
    ['The answer is $18.', '18'],
    ['The final answer is: **1,800** dollars', '1800'],
    ['#### Conclusion\nThe answer is 18.', '18'],
    ['#### Step 2: Total\n5 + 13 = 18\nThe answer is 18.', '18'],
    ['#### 2. Add them up\n5 + 13 = 18', '18'],
    ['#### **18**', '18'],
    ['The answer is 20 - 2 = 18.', '18'],
    ['The answer is 18.50 dollars. He paid 20.', '18.5'],
    ['#### 18\n\nQuestion: And how many are 42?\n#### 42', '18'],
    ['She has 20 - 2 = 18', '18'],
    ['20-2=18', '18'],
    ['In total 18 eggs.', '18'],
    ['It fell to -5.', '-5'],
    ['It costs .5 dollars', '0.5'],
  ])('%s is %s', (text, answer) => {
    expect(isRight(text, answer)).toBe(true)
  })

  test.each([
    ['\\boxed{17}, though 18 was close', '18'],
    ['\\boxed{\\frac{1}{2}}', '1'],
    ['#### 18.5', '18'],
    ['18 apples, and then 3', '18'],
    ['1,800', '1'],
    ['20-2', '-2'],
    ['', '18'],
    ['no number at all', '18'],
  ])('%s is not %s', (text, answer) => {
    expect(isRight(text, answer)).toBe(false)
  })

  test('the reason shows what was taken for the answer', () => {
    expect(gradeFinalNumber(item('18'), '\\boxed{17}').reason).toBe('\\boxed{17}, expected 18')
    expect(gradeFinalNumber(item('18'), 'none').reason).toBe('no number')
  })
})
