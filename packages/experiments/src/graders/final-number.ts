import type { FinalNumberItem } from '../datasets/task-item.ts'
import type { Verdict } from './grader.ts'

/**
 * The number that an answer ends in, compared by value: that of the last `\boxed{}`, else of the last `#### n`, else that of the last
 * sentence with "answer is", else the last number of the text. Headings are no `#### n`; a further question ends the answer.
 */
export function gradeFinalNumber(item: FinalNumberItem, answerText: string): Verdict {
  const found = finalNumber(answerText)
  if (found === undefined) return { correct: false, reason: 'no number' }
  const correct = found.value === numberIn(item.answer)
  return { correct, reason: correct ? found.text : `${found.text}, expected ${item.answer}` }
}

interface Found {
  readonly value: number
  /** As the answer wrote it, with what marked it. */
  readonly text: string
}

function finalNumber(written: string): Found | undefined {
  const [text = ''] = written.split(/\n\s*Question:/)
  const boxed = lastBoxed(text)
  if (boxed !== undefined) return found(boxed, `\\boxed{${boxed}}`)
  const marked = [...text.matchAll(/####\s*(.+)/g)].map(([, line = '']) => line).filter(isNumber)
  const [mark] = marked.slice(-1)
  if (mark !== undefined) return found(mark, `#### ${mark}`)
  const stated = [...text.matchAll(/\banswer\s+is:?\s*(.+?)(?:[.!?](?=\s|$)|$)/gim)].at(-1)?.[1]
  const spoken = stated === undefined ? undefined : found(stated, stated)
  const last = numbersIn(text).at(-1)
  return spoken ?? (last === undefined ? undefined : found(last, last))
}

/** Whether a line begins with its number; that of a heading, `2. Add them up`, is none. */
function isNumber(line: string): boolean {
  const [first] = numbersIn(line)
  if (first === undefined) return false
  const [before = '', after = ''] = [line.slice(0, line.indexOf(first)), line.slice(line.indexOf(first) + first.length)]
  return /^[\s$*\\(]*$/.test(before) && !/^[.):]\s+\p{L}/u.test(after)
}

function found(content: string, text: string): Found | undefined {
  const value = numberIn(content)
  return value === undefined ? undefined : { value, text: text.trim().slice(0, 60) }
}

/** Content of the last `\boxed{}` that is closed, braces inside it included. */
function lastBoxed(text: string): string | undefined {
  for (let at = text.lastIndexOf(OPEN); at >= 0; at = text.lastIndexOf(OPEN, at - 1)) {
    let depth = 1
    for (let end = at + OPEN.length; end < text.length; end++) {
      if (text[end] === '{') depth++
      if (text[end] === '}') depth--
      if (depth === 0) return text.slice(at + OPEN.length, end)
    }
    if (at === 0) break
  }
  return undefined
}

const OPEN = '\\boxed{'

/** Value of `$1,234.00`, `18 dollars`, `x = 5`, `50\%`, `-3`, `\frac{1}{2}`: currency, separators, units and trailing zeros do not count. */
export function numberIn(content: string): number | undefined {
  const value = content.slice(content.lastIndexOf('=') + 1)
  const fraction =
    /(-?)\\d?frac\s*\{\s*(-?[\d.]+)\s*\}\s*\{\s*([\d.]+)\s*\}/.exec(value) ??
    /^\s*(-?)(\d+)\s*\/\s*(\d+)\s*$/.exec(value)
  if (fraction !== null) return (fraction[1] === '-' ? -1 : 1) * (Number(fraction[2]) / Number(fraction[3]))
  const [first] = numbersIn(value)
  return first === undefined ? undefined : Number(first.replace(/[^\d.-]/g, ''))
}

/** Every number of a text, as it is written. A minus is a sign where it touches the number and nothing before it. */
function numbersIn(text: string): string[] {
  const plain = text.replaceAll('\u2212', '-').replaceAll('{,}', ',').replaceAll('\\,', '').replaceAll('\\!', '')
  return [
    ...plain.matchAll(/(?:(?<![\w)\]%.])-\\?\$?)?(?:(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?|(?<!\d)\.\d+)/g),
  ].map(([all]) => all)
}
