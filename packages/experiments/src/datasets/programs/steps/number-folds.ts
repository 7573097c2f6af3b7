import { numbers } from './list-steps.ts'
import type { StepMaker } from './step.ts'

/** Steps that end a pipeline of numbers in one value. */
export const NUMBER_FOLDS: readonly StepMaker[] = [
  () =>
    numbers.fold({
      id: 'sum',
      gives: 'number',
      asked: ['return the sum', 'return the total', 'add them all up', 'give back their sum'],
      remarks: ['add them up', 'the total', 'sum it', 'all together'],
      of: (xs, draws) => {
        const [a, b] = draws.pick([
          ['a', 'b'],
          ['sum', 'n'],
          ['total', 'x'],
          ['acc', 'v'],
        ])
        return [`${xs}.reduce((${a}, ${b}) => ${a} + ${b}, 0)`]
      },
      loop: {
        names: ['sum', 'total', 'result', 'acc', 'out'],
        start: '0',
        update: (total, v) => [`${total} += ${v}`, `${total} = ${total} + ${v}`],
      },
      apply: (xs) => xs.reduce((a, b) => a + b, 0),
    }),
  () =>
    numbers.fold({
      id: 'count',
      gives: 'number',
      asked: ['return how many are left', 'count them', 'return the count', 'give back the number of items'],
      remarks: ['count them', 'how many', 'one more', 'the length'],
      of: (xs) => [`${xs}.length`],
      loop: {
        names: ['count', 'total', 'result', 'size', 'found'],
        start: '0',
        update: (total) => [`${total}++`, `${total} += 1`, `${total} = ${total} + 1`],
      },
      apply: (xs) => xs.length,
    }),
  () =>
    numbers.fold({
      id: 'largest',
      gives: 'number',
      asked: [
        'return the largest or zero',
        'give back the maximum but at least zero',
        'return the highest value or zero',
      ],
      remarks: ['the largest', 'maximum', 'highest one', 'keep the best'],
      of: (xs) => [`Math.max(0, ...${xs})`, `Math.max(...${xs}, 0)`],
      loop: {
        names: ['best', 'top', 'most', 'result', 'high'],
        start: '0',
        update: (total, v) => [`${total} = Math.max(${total}, ${v})`, `if (${v} > ${total}) ${total} = ${v}`],
      },
      apply: (xs) => Math.max(0, ...xs),
    }),
  () =>
    numbers.fold({
      id: 'smallest',
      gives: 'number',
      asked: [
        'return the smallest or zero',
        'give back the minimum but at most zero',
        'return the lowest value or zero',
      ],
      remarks: ['the smallest', 'minimum', 'lowest one', 'keep the least'],
      of: (xs) => [`Math.min(0, ...${xs})`, `Math.min(...${xs}, 0)`],
      loop: {
        names: ['least', 'bottom', 'small', 'result', 'low'],
        start: '0',
        update: (total, v) => [`${total} = Math.min(${total}, ${v})`, `if (${v} < ${total}) ${total} = ${v}`],
      },
      apply: (xs) => Math.min(0, ...xs),
    }),
  (draws) => {
    const mark = draws.pick(['-', '+', '/', ':'])
    const name = { '-': 'dashes', '+': 'plus signs', '/': 'slashes', ':': 'colons' }[mark] ?? mark
    return numbers.fold({
      id: 'join',
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
      apply: (xs) => xs.join(mark),
    })
  },
]
