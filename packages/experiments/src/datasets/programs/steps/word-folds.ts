import { words } from './list-steps.ts'
import type { StepMaker } from './step.ts'

/** Steps that end a pipeline of words in one value. */
export const WORD_FOLDS: readonly StepMaker[] = [
  (draws) => {
    const mark = draws.pick(['-', '+', ' ', ', '])
    const name = { '-': 'dashes', '+': 'plus signs', ' ': 'spaces', ', ': 'commas and spaces' }[mark] ?? mark
    return words.fold({
      id: 'join-words',
      gives: 'text',
      asked: [
        `join them with ${name}`,
        `return a text with ${name} between them`,
        `give back one text joined by ${name}`,
      ],
      remarks: ['one text', 'glue them', 'put them together', 'as a text'],
      of: (xs) => [`${xs}.join('${mark}')`, `${xs}.join("${mark}")`],
      loop: {
        names: ['text', 'line', 'result', 'out', 'joined'],
        start: "''",
        update: (total, v) => [`${total} += (${total} ? '${mark}' : '') + ${v}`],
      },
      apply: (words) => words.join(mark),
    })
  },
  () =>
    words.fold({
      id: 'count-words',
      gives: 'number',
      asked: ['return how many are left', 'count them', 'return the count', 'give back the number of words'],
      remarks: ['count them', 'how many', 'one more', 'the length'],
      of: (xs) => [`${xs}.length`],
      loop: {
        names: ['count', 'total', 'result', 'size', 'found'],
        start: '0',
        update: (total) => [`${total}++`, `${total} += 1`, `${total} = ${total} + 1`],
      },
      apply: (words) => words.length,
    }),
  () =>
    words.fold({
      id: 'letters',
      gives: 'number',
      asked: ['return the number of letters in all', 'count all letters together', 'add up the lengths'],
      remarks: ['all letters', 'add the lengths', 'letters in all', 'total length'],
      of: (xs) => [`${xs}.join('').length`, `${xs}.reduce((a, b) => a + b.length, 0)`],
      loop: {
        names: ['letters', 'total', 'sum', 'size', 'result'],
        start: '0',
        update: (total, v) => [`${total} += ${v}.length`, `${total} = ${total} + ${v}.length`],
      },
      apply: (words) => words.join('').length,
    }),
]
