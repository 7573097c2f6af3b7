import { words } from './list-steps.ts'
import type { StepMaker } from './step.ts'

/** Steps that keep some of the words. */
export const WORD_FILTERS: readonly StepMaker[] = [
  (draws) => {
    const k = draws.int(2, 6)
    return words.filter({
      id: 'longer',
      asked: [
        `keep the words longer than ${k}`,
        `drop words of at most ${k} letters`,
        `take only words with more than ${k} letters`,
      ],
      remarks: ['long words', `more than ${k} letters`, 'long enough', 'skip the short ones'],
      keep: (v) => [`${v}.length > ${k}`, `${k} < ${v}.length`],
      drop: (v) => [`${v}.length <= ${k}`, `!(${v}.length > ${k})`],
      test: (word) => word.length > k,
    })
  },
  (draws) => {
    const k = draws.int(3, 7)
    return words.filter({
      id: 'shorter',
      asked: [
        `keep the words shorter than ${k}`,
        `drop words of at least ${k} letters`,
        `take only words with less than ${k} letters`,
      ],
      remarks: ['short words', `less than ${k} letters`, 'short enough', 'skip the long ones'],
      keep: (v) => [`${v}.length < ${k}`, `${k} > ${v}.length`],
      drop: (v) => [`${v}.length >= ${k}`, `!(${v}.length < ${k})`],
      test: (word) => word.length < k,
    })
  },
  (draws) => {
    const letter = draws.pick(['a', 'b', 'c', 'm', 'p', 's', 't'])
    return words.filter({
      id: 'starting',
      asked: [
        `keep the words that start with ${letter}`,
        `take only words with ${letter} in front`,
        `drop words that do not begin with ${letter}`,
      ],
      remarks: [`starts with ${letter}`, 'look at the first letter', `${letter} in front`, 'right start'],
      keep: (v) => [`${v}[0] === '${letter}'`, `${v}.startsWith('${letter}')`, `${v}.charAt(0) === '${letter}'`],
      drop: (v) => [`${v}[0] !== '${letter}'`, `!${v}.startsWith('${letter}')`, `${v}.charAt(0) !== '${letter}'`],
      test: (word) => word.startsWith(letter),
    })
  },
  (draws) => {
    const letter = draws.pick(['a', 'e', 'i', 'o', 'n', 'r', 't'])
    return words.filter({
      id: 'containing',
      asked: [
        `keep the words that contain ${letter}`,
        `take only words with ${letter} in them`,
        `drop words without the letter ${letter}`,
      ],
      remarks: [`has ${letter}`, 'look for the letter', `${letter} inside`, 'right letter'],
      keep: (v) => [`${v}.includes('${letter}')`, `${v}.indexOf('${letter}') >= 0`],
      drop: (v) => [`!${v}.includes('${letter}')`, `${v}.indexOf('${letter}') < 0`],
      test: (word) => word.includes(letter),
    })
  },
]
