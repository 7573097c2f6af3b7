import { numbers } from './list-steps.ts'
import type { StepMaker } from './step.ts'

/** Steps that look at the whole list of numbers. */
export const NUMBER_LISTS: readonly StepMaker[] = [
  () =>
    numbers.list({
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
    numbers.list({
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
    numbers.list({
      id: 'reverse',
      asked: ['reverse the order', 'turn the list around', 'put the last one first'],
      remarks: ['back to front', 'turn around', 'last one first', 'other way round'],
      names: ['turned', 'flipped', 'backward', 'reversed'],
      of: (xs) => [`[...${xs}].reverse()`, `${xs}.slice().reverse()`],
      apply: (xs) => xs.reverse(),
    }),
  () =>
    numbers.list({
      id: 'unique',
      asked: ['remove duplicates', 'keep each value once', 'drop repeated values'],
      remarks: ['no repeats', 'each value once', 'drop the copies', 'unique values'],
      names: ['unique', 'once', 'single', 'different'],
      of: (xs) => [`[...new Set(${xs})]`, `Array.from(new Set(${xs}))`],
      apply: (xs) => [...new Set(xs)],
    }),
  (draws) => {
    const k = draws.int(2, 5)
    return numbers.list({
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
    return numbers.list({
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
    return numbers.list({
      id: 'skip',
      asked: [`skip the first ${k}`, `leave out the first ${k}`, `remove ${k} from the front`],
      remarks: [`skip ${k}`, 'drop the front', 'start later', `without the first ${k}`],
      names: ['later', 'after', 'rest', 'remaining'],
      of: (xs) => [`${xs}.slice(${k})`],
      apply: (xs) => xs.slice(k),
    })
  },
]
