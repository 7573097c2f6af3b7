import type { Draws } from '../draws.ts'
import type { Loop, ProgramStep, StepMaker } from './step.ts'

type Described = Pick<ProgramStep, 'id' | 'asked' | 'remarks'>
type NumberTest = Described & {
  readonly keep: (v: string) => string[]
  readonly drop: (v: string) => string[]
  readonly test: (n: number) => boolean
}
type NumberMap = Described & { readonly to: (v: string) => string[]; readonly apply: (n: number) => number }

const filter = (step: NumberTest): ProgramStep => ({
  ...step,
  from: 'numbers',
  to: 'numbers',
  names: ['kept', 'chosen', 'left', 'good', 'wanted', 'some'],
  shape: { kind: 'filter', keep: step.keep, drop: step.drop },
  run: (value) => (value as number[]).filter(step.test),
})

const map = (step: NumberMap): ProgramStep => ({
  ...step,
  from: 'numbers',
  to: 'numbers',
  names: ['changed', 'mapped', 'made', 'fresh', 'next', 'moved'],
  shape: { kind: 'map', to: step.to },
  run: (value) => (value as number[]).map(step.apply),
})

const whole = (
  step: Described & { of: (xs: string, draws: Draws) => string[]; apply: (xs: number[]) => number[]; names: string[] },
): ProgramStep => ({
  ...step,
  from: 'numbers',
  to: 'numbers',
  shape: { kind: 'whole', of: step.of },
  run: (value) => step.apply([...(value as number[])]),
})

const fold = (
  step: Described & { of: (xs: string, draws: Draws) => string[]; loop: Loop; apply: (xs: number[]) => unknown },
): ProgramStep => ({
  ...step,
  from: 'numbers',
  to: 'number',
  names: step.loop.names,
  shape: { kind: 'fold', of: step.of, loop: step.loop },
  run: (value) => step.apply(value as number[]),
})

/** Steps that take a list of numbers and give a list of numbers. */
export const NUMBER_STEPS: readonly StepMaker[] = [
  () =>
    filter({
      id: 'even',
      asked: ['keep the even numbers', 'drop the odd numbers', 'take only the even ones', 'leave out every odd number'],
      remarks: ['even numbers only', 'skip the odd ones', 'no odd numbers', 'just the even ones', 'odd ones are out'],
      keep: (v) => [`${v} % 2 === 0`, `${v} % 2 == 0`, `!(${v} % 2)`],
      drop: (v) => [`${v} % 2 !== 0`, `${v} % 2 != 0`, `${v} % 2`],
      test: (n) => n % 2 === 0,
    }),
  () =>
    filter({
      id: 'odd',
      asked: ['keep the odd numbers', 'drop the even numbers', 'take only the odd ones', 'leave out every even number'],
      remarks: ['odd numbers only', 'skip the even ones', 'no even numbers', 'just the odd ones', 'even ones are out'],
      keep: (v) => [`${v} % 2 !== 0`, `${v} % 2 != 0`],
      drop: (v) => [`${v} % 2 === 0`, `${v} % 2 == 0`],
      test: (n) => n % 2 !== 0,
    }),
  () =>
    filter({
      id: 'positive',
      asked: ['keep the positive numbers', 'take only the positive ones', 'leave out zero and everything below zero'],
      remarks: ['positive only', 'nothing below one', 'skip zero and below', 'just the positive ones'],
      keep: (v) => [`${v} > 0`, `0 < ${v}`],
      drop: (v) => [`${v} <= 0`, `!(${v} > 0)`, `0 >= ${v}`],
      test: (n) => n > 0,
    }),
  (draws) => {
    const k = draws.int(2, 19)
    return filter({
      id: 'above',
      asked: [
        `keep the numbers greater than ${k}`,
        `keep everything above ${k}`,
        `drop what is not larger than ${k}`,
        `take only numbers over ${k}`,
      ],
      remarks: [`above ${k}`, 'large ones only', 'big enough', `more than ${k}`, 'skip the small ones'],
      keep: (v) => [`${v} > ${k}`, `${k} < ${v}`],
      drop: (v) => [`${v} <= ${k}`, `!(${v} > ${k})`, `${k} >= ${v}`],
      test: (n) => n > k,
    })
  },
  (draws) => {
    const k = draws.int(2, 19)
    return filter({
      id: 'below',
      asked: [
        `keep the numbers less than ${k}`,
        `keep everything below ${k}`,
        `drop what is not smaller than ${k}`,
        `take only numbers under ${k}`,
      ],
      remarks: [`below ${k}`, 'small ones only', 'small enough', `less than ${k}`, 'skip the large ones'],
      keep: (v) => [`${v} < ${k}`, `${k} > ${v}`],
      drop: (v) => [`${v} >= ${k}`, `!(${v} < ${k})`, `${k} <= ${v}`],
      test: (n) => n < k,
    })
  },
  (draws) => {
    const k = draws.int(3, 9)
    return filter({
      id: 'divisible',
      asked: [
        `keep the numbers divisible by ${k}`,
        `keep the multiples of ${k}`,
        `take only multiples of ${k}`,
        `drop what ${k} does not divide`,
      ],
      remarks: [`multiples of ${k}`, `divisible by ${k}`, 'check the remainder', 'no remainder', `${k} divides it`],
      keep: (v) => [`${v} % ${k} === 0`, `${v} % ${k} == 0`, `!(${v} % ${k})`],
      drop: (v) => [`${v} % ${k} !== 0`, `${v} % ${k} != 0`, `${v} % ${k}`],
      test: (n) => n % k === 0,
    })
  },
  (draws) => {
    const k = draws.int(2, 12)
    return map({
      id: 'times',
      asked: [
        `multiply each by ${k}`,
        `take each one ${k} times`,
        `make each ${k} times as large`,
        `scale every number by ${k}`,
      ],
      remarks: [`times ${k}`, 'scale it', `multiply by ${k}`, 'make it larger', 'grow each one'],
      to: (v) => [`${v} * ${k}`, `${k} * ${v}`],
      apply: (n) => n * k,
    })
  },
  (draws) => {
    const k = draws.int(2, 19)
    return map({
      id: 'plus',
      asked: [`add ${k} to each`, `increase every number by ${k}`, `make each ${k} larger`, `raise each one by ${k}`],
      remarks: [`plus ${k}`, 'raise it', `add ${k}`, 'shift up', 'a bit more'],
      to: (v) => [`${v} + ${k}`, `${k} + ${v}`],
      apply: (n) => n + k,
    })
  },
  (draws) => {
    const k = draws.int(2, 19)
    return map({
      id: 'minus',
      asked: [
        `subtract ${k} from each`,
        `decrease every number by ${k}`,
        `make each ${k} smaller`,
        `lower each one by ${k}`,
      ],
      remarks: [`minus ${k}`, 'lower it', `take off ${k}`, 'shift down', 'a bit less'],
      to: (v) => [`${v} - ${k}`, `-${k} + ${v}`],
      apply: (n) => n - k,
    })
  },
  () =>
    map({
      id: 'square',
      asked: [
        'square each',
        'multiply each by itself',
        'take the square of every number',
        'replace each by its square',
      ],
      remarks: ['squares', 'times itself', 'square it', 'to the power of two'],
      to: (v) => [`${v} * ${v}`, `${v} ** 2`],
      apply: (n) => n * n,
    }),
  () =>
    map({
      id: 'negate',
      asked: ['negate each', 'flip the sign of each', 'change the sign of every number', 'turn each into its negative'],
      remarks: ['flip the sign', 'negative', 'other sign', 'turn it around'],
      to: (v) => [`-${v}`, `0 - ${v}`, `${v} * -1`],
      apply: (n) => -n,
    }),
  () =>
    map({
      id: 'absolute',
      asked: ['take the absolute value of each', 'drop the sign of each', 'make every number positive'],
      remarks: ['no sign', 'absolute value', 'size only', 'without the sign'],
      to: (v) => [`Math.abs(${v})`, `${v} < 0 ? -${v} : ${v}`],
      apply: (n) => Math.abs(n),
    }),
  () =>
    whole({
      id: 'ascending',
      asked: [
        'sort from small to large',
        'sort in rising order',
        'put them in ascending order',
        'order from low to high',
      ],
      remarks: ['small to large', 'rising order', 'lowest first', 'sort them'],
      names: ['sorted', 'ordered', 'ranked', 'lined'],
      of: (xs, draws) => {
        const [a, b] = draws.pick([
          ['a', 'b'],
          ['x', 'y'],
          ['p', 'q'],
          ['m', 'n'],
        ])
        return [`[...${xs}].sort((${a}, ${b}) => ${a} - ${b})`, `${xs}.slice().sort((${a}, ${b}) => ${a} - ${b})`]
      },
      apply: (xs) => xs.sort((a, b) => a - b),
    }),
  () =>
    whole({
      id: 'descending',
      asked: [
        'sort from large to small',
        'sort in falling order',
        'put them in descending order',
        'order from high to low',
      ],
      remarks: ['large to small', 'falling order', 'highest first', 'sort them down'],
      names: ['sorted', 'ordered', 'ranked', 'lined'],
      of: (xs, draws) => {
        const [a, b] = draws.pick([
          ['a', 'b'],
          ['x', 'y'],
          ['p', 'q'],
          ['m', 'n'],
        ])
        return [`[...${xs}].sort((${a}, ${b}) => ${b} - ${a})`, `${xs}.slice().sort((${a}, ${b}) => ${b} - ${a})`]
      },
      apply: (xs) => xs.sort((a, b) => b - a),
    }),
  () =>
    whole({
      id: 'reverse',
      asked: ['reverse the order', 'turn the list around', 'put the last one first'],
      remarks: ['back to front', 'turn around', 'last one first', 'other way round'],
      names: ['turned', 'flipped', 'backward', 'reversed'],
      of: (xs) => [`[...${xs}].reverse()`, `${xs}.slice().reverse()`],
      apply: (xs) => xs.reverse(),
    }),
  () =>
    whole({
      id: 'unique',
      asked: ['remove duplicates', 'keep each value once', 'drop repeated values'],
      remarks: ['no repeats', 'each value once', 'drop the copies', 'unique values'],
      names: ['unique', 'once', 'single', 'different'],
      of: (xs) => [`[...new Set(${xs})]`, `Array.from(new Set(${xs}))`],
      apply: (xs) => [...new Set(xs)],
    }),
  (draws) => {
    const k = draws.int(2, 5)
    return whole({
      id: 'first',
      asked: [`take the first ${k}`, `keep the first ${k} of them`, `cut the list after ${k}`],
      remarks: [`first ${k}`, 'only the front', 'from the start', `up to ${k}`],
      names: ['front', 'head', 'start', 'top'],
      of: (xs) => [`${xs}.slice(0, ${k})`],
      apply: (xs) => xs.slice(0, k),
    })
  },
  (draws) => {
    const k = draws.int(2, 5)
    return whole({
      id: 'last',
      asked: [`take the last ${k}`, `keep the last ${k} of them`, `keep only ${k} from the end`],
      remarks: [`last ${k}`, 'only the back', 'from the end', 'the tail'],
      names: ['back', 'tail', 'ending', 'rest'],
      of: (xs) => [`${xs}.slice(-${k})`],
      apply: (xs) => xs.slice(-k),
    })
  },
  (draws) => {
    const k = draws.int(2, 4)
    return whole({
      id: 'skip',
      asked: [`skip the first ${k}`, `leave out the first ${k}`, `remove ${k} from the front`],
      remarks: [`skip ${k}`, 'drop the front', 'start later', `without the first ${k}`],
      names: ['later', 'after', 'rest', 'remaining'],
      of: (xs) => [`${xs}.slice(${k})`],
      apply: (xs) => xs.slice(k),
    })
  },
]

/** Steps that end a pipeline of numbers in one value. */
export const NUMBER_FOLDS: readonly StepMaker[] = [
  () =>
    fold({
      id: 'sum',
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
    fold({
      id: 'count',
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
    fold({
      id: 'largest',
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
    fold({
      id: 'smallest',
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
    return {
      ...fold({
        id: 'join',
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
      }),
      to: 'text',
    }
  },
]
