/** Where in its answer a token stands. One place a token: the first of these, from left to right, that holds. */
export const PLACES = ['first-tokens', 'final-answer', 'before-answer', 'after-equals', 'code', 'prose'] as const
export type Place = (typeof PLACES)[number]

/** Tokens at the beginning of an answer. */
const FIRST_TOKENS = 4
/** Tokens in front of the final answer; of a program, at its end. */
const BEFORE_ANSWER = 8

/** What announces a final answer: the marks that graders read. */
const ANSWER_MARKS = /####|\\boxed\{|\banswer\s+is\b/gi

/**
 * The place of each token of an answer. `[tokens]`
 *
 * @param pieces the answer cut by token
 * @param startsInCode whether it goes on with a program; a code fence then ends it, else a fence begins one
 */
export function placesOf(pieces: readonly string[], startsInCode: boolean): Place[] {
  const text = pieces.join('')
  const mark = startsInCode ? undefined : [...text.matchAll(ANSWER_MARKS)].at(-1)?.index
  const starts = startsOf(pieces)
  const answerFrom = mark === undefined ? pieces.length : starts.findLastIndex((start) => start <= mark)
  return pieces.map((_, index) => {
    const before = text.slice(0, starts[index])
    if (index < FIRST_TOKENS) return 'first-tokens'
    if (index >= answerFrom) return 'final-answer'
    if (index >= answerFrom - BEFORE_ANSWER) return 'before-answer'
    if (/(?<![=!<>])=\s*$/.test(before.slice(-8))) return 'after-equals'
    return isInCode(before, startsInCode) ? 'code' : 'prose'
  })
}

/** Offset of each piece in the text. */
function startsOf(pieces: readonly string[]): number[] {
  let offset = 0
  return pieces.map((piece) => {
    const start = offset
    offset += piece.length
    return start
  })
}

function isInCode(before: string, startsInCode: boolean): boolean {
  const fences = before.split('```').length - 1
  return (fences % 2 === 1) !== startsInCode
}
