import { words } from './list-steps.ts'
import type { StepMaker } from './step.ts'

/** Steps that change each of the words by itself. */
export const WORD_MAPS: readonly StepMaker[] = [
  () =>
    words.map({
      id: 'upper',
      asked: ['write each in capitals', 'make every word upper case', 'turn each to upper case'],
      remarks: ['capitals', 'upper case', 'make it loud', 'large letters'],
      to: (v) => [`${v}.toUpperCase()`],
      apply: (word) => word.toUpperCase(),
    }),
  (draws) => {
    const k = draws.int(2, 4)
    return words.map({
      id: 'prefix',
      asked: [
        `cut each word to ${k} letters`,
        `take the first ${k} letters of each`,
        `shorten every word to ${k} letters`,
      ],
      remarks: [`first ${k} letters`, 'cut it', 'make it short', 'only the front'],
      to: (v) => [`${v}.slice(0, ${k})`, `${v}.substring(0, ${k})`],
      apply: (word) => word.slice(0, k),
    })
  },
  (draws) => {
    const k = draws.int(2, 4)
    return words.map({
      id: 'repeat',
      asked: [`repeat each word ${k} times`, `write every word ${k} times over`, `say each word ${k} times`],
      remarks: [`${k} times`, 'again and again', 'repeat it', 'say it again'],
      to: (v) => [`${v}.repeat(${k})`],
      apply: (word) => word.repeat(k),
    })
  },
  (draws) => {
    const mark = draws.pick(['!', '?', '.', '*'])
    const name = { '!': 'a shout mark', '?': 'a question mark', '.': 'a full stop', '*': 'a star' }[mark] ?? mark
    return words.map({
      id: 'mark',
      asked: [`add ${name} to each`, `put ${name} after every word`, `end each word with ${name}`],
      remarks: ['add the mark', name, 'put a mark behind', 'mark it'],
      to: (v) => [`${v} + '${mark}'`, `${v}.concat('${mark}')`],
      apply: (word) => word + mark,
    })
  },
  () =>
    words.map({
      id: 'lengths',
      gives: 'numbers',
      asked: [
        'take the length of each',
        'replace each word by its length',
        'turn every word into its number of letters',
      ],
      remarks: ['lengths', 'how long', 'count the letters', 'size of each'],
      to: (v) => [`${v}.length`],
      apply: (word) => word.length,
    }),
]
