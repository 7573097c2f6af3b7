import type { Loop, ProgramStep, StepMaker } from './step.ts'

type Described = Pick<ProgramStep, 'id' | 'asked' | 'remarks'>

const filter = (
  step: Described & { keep: (v: string) => string[]; drop: (v: string) => string[]; test: (word: string) => boolean },
): ProgramStep => ({
  ...step,
  from: 'words',
  to: 'words',
  names: ['kept', 'chosen', 'left', 'good', 'wanted', 'some'],
  shape: { kind: 'filter', keep: step.keep, drop: step.drop },
  run: (value) => (value as string[]).filter(step.test),
})

const map = (
  step: Described & { to: (v: string) => string[]; apply: (word: string) => unknown; gives: 'words' | 'numbers' },
): ProgramStep => ({
  ...step,
  from: 'words',
  to: step.gives,
  names: ['changed', 'mapped', 'made', 'fresh', 'next', 'moved'],
  shape: { kind: 'map', to: step.to },
  run: (value) => (value as string[]).map(step.apply),
})

const whole = (
  step: Described & { names: string[]; of: (xs: string) => string[]; apply: (words: string[]) => string[] },
): ProgramStep => ({
  ...step,
  from: 'words',
  to: 'words',
  shape: { kind: 'whole', of: step.of },
  run: (value) => step.apply([...(value as string[])]),
})

const fold = (
  step: Described & {
    of: (xs: string) => string[]
    loop: Loop
    apply: (words: string[]) => unknown
    gives: 'text' | 'number'
  },
): ProgramStep => ({
  ...step,
  from: 'words',
  to: step.gives,
  names: step.loop.names,
  shape: { kind: 'fold', of: step.of, loop: step.loop },
  run: (value) => step.apply(value as string[]),
})

/** Steps that take a list of words. */
export const WORD_STEPS: readonly StepMaker[] = [
  (draws) => {
    const k = draws.int(2, 6)
    return filter({
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
    return filter({
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
    return filter({
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
    return filter({
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
  () =>
    map({
      id: 'upper',
      gives: 'words',
      asked: ['write each in capitals', 'make every word upper case', 'turn each to upper case'],
      remarks: ['capitals', 'upper case', 'make it loud', 'large letters'],
      to: (v) => [`${v}.toUpperCase()`],
      apply: (word) => word.toUpperCase(),
    }),
  (draws) => {
    const k = draws.int(2, 4)
    return map({
      id: 'prefix',
      gives: 'words',
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
    return map({
      id: 'repeat',
      gives: 'words',
      asked: [`repeat each word ${k} times`, `write every word ${k} times over`, `say each word ${k} times`],
      remarks: [`${k} times`, 'again and again', 'repeat it', 'say it again'],
      to: (v) => [`${v}.repeat(${k})`],
      apply: (word) => word.repeat(k),
    })
  },
  (draws) => {
    const mark = draws.pick(['!', '?', '.', '*'])
    const name = { '!': 'a shout mark', '?': 'a question mark', '.': 'a full stop', '*': 'a star' }[mark] ?? mark
    return map({
      id: 'mark',
      gives: 'words',
      asked: [`add ${name} to each`, `put ${name} after every word`, `end each word with ${name}`],
      remarks: ['add the mark', name, 'put a mark behind', 'mark it'],
      to: (v) => [`${v} + '${mark}'`, `${v}.concat('${mark}')`],
      apply: (word) => word + mark,
    })
  },
  () =>
    map({
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
  () =>
    whole({
      id: 'alphabetical',
      asked: ['sort them by the alphabet', 'put the words in alphabetical order', 'order them from a to z'],
      remarks: ['a to z', 'by the alphabet', 'sort the words', 'in order'],
      names: ['sorted', 'ordered', 'ranked', 'lined'],
      of: (xs) => [`[...${xs}].sort()`, `${xs}.slice().sort()`],
      apply: (words) => words.sort(),
    }),
  () =>
    whole({
      id: 'reverse-words',
      asked: ['reverse the order of the words', 'turn the list of words around', 'put the last word first'],
      remarks: ['back to front', 'turn around', 'last one first', 'other way round'],
      names: ['turned', 'flipped', 'backward', 'reversed'],
      of: (xs) => [`[...${xs}].reverse()`, `${xs}.slice().reverse()`],
      apply: (words) => words.reverse(),
    }),
]

/** Steps that end a pipeline of words in one value. */
export const WORD_FOLDS: readonly StepMaker[] = [
  (draws) => {
    const mark = draws.pick(['-', '+', ' ', ', '])
    const name = { '-': 'dashes', '+': 'plus signs', ' ': 'spaces', ', ': 'commas and spaces' }[mark] ?? mark
    return fold({
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
    fold({
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
    fold({
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
