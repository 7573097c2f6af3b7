import { numbers } from './list-steps.ts'
import type { StepMaker } from './step.ts'

/** Steps that keep some of the numbers. */
export const NUMBER_FILTERS: readonly StepMaker[] = [
  () =>
    numbers.filter({
      id: 'even',
      asked: ['keep the even numbers', 'drop the odd numbers', 'take only the even ones', 'leave out every odd number'],
      remarks: ['even numbers only', 'skip the odd ones', 'no odd numbers', 'just the even ones', 'odd ones are out'],
      keep: (v) => [`${v} % 2 === 0`, `${v} % 2 == 0`, `!(${v} % 2)`],
      drop: (v) => [`${v} % 2 !== 0`, `${v} % 2 != 0`, `${v} % 2`],
      test: (n) => n % 2 === 0,
    }),
  () =>
    numbers.filter({
      id: 'odd',
      asked: ['keep the odd numbers', 'drop the even numbers', 'take only the odd ones', 'leave out every even number'],
      remarks: ['odd numbers only', 'skip the even ones', 'no even numbers', 'just the odd ones', 'even ones are out'],
      keep: (v) => [`${v} % 2 !== 0`, `${v} % 2 != 0`],
      drop: (v) => [`${v} % 2 === 0`, `${v} % 2 == 0`],
      test: (n) => n % 2 !== 0,
    }),
  () =>
    numbers.filter({
      id: 'positive',
      asked: ['keep the positive numbers', 'take only the positive ones', 'leave out zero and everything below zero'],
      remarks: ['positive only', 'nothing below one', 'skip zero and below', 'just the positive ones'],
      keep: (v) => [`${v} > 0`, `0 < ${v}`],
      drop: (v) => [`${v} <= 0`, `!(${v} > 0)`, `0 >= ${v}`],
      test: (n) => n > 0,
    }),
  (draws) => {
    const k = draws.int(2, 19)
    return numbers.filter({
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
    return numbers.filter({
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
    return numbers.filter({
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
]
