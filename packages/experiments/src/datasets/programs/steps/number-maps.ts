import { numbers } from './list-steps.ts'
import type { StepMaker } from './step.ts'

/** Steps that change each of the numbers by itself. */
export const NUMBER_MAPS: readonly StepMaker[] = [
  (draws) => {
    const k = draws.int(2, 12)
    return numbers.map({
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
    return numbers.map({
      id: 'plus',
      asked: [`add ${k} to each`, `increase every number by ${k}`, `make each ${k} larger`, `raise each one by ${k}`],
      remarks: [`plus ${k}`, 'raise it', `add ${k}`, 'shift up', 'a bit more'],
      to: (v) => [`${v} + ${k}`, `${k} + ${v}`],
      apply: (n) => n + k,
    })
  },
  (draws) => {
    const k = draws.int(2, 19)
    return numbers.map({
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
    numbers.map({
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
    numbers.map({
      id: 'negate',
      asked: ['negate each', 'flip the sign of each', 'change the sign of every number', 'turn each into its negative'],
      remarks: ['flip the sign', 'negative', 'other sign', 'turn it around'],
      to: (v) => [`-${v}`, `0 - ${v}`, `${v} * -1`],
      apply: (n) => -n,
    }),
  () =>
    numbers.map({
      id: 'absolute',
      asked: ['take the absolute value of each', 'drop the sign of each', 'make every number positive'],
      remarks: ['no sign', 'absolute value', 'size only', 'without the sign'],
      to: (v) => [`Math.abs(${v})`, `${v} < 0 ? -${v} : ${v}`],
      apply: (n) => Math.abs(n),
    }),
]
