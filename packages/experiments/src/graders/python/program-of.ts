import type { PythonProgramItem } from '../../datasets/task-item.ts'

/** The module to judge: of a completion, the prompt with it; of an answer, what stands before the function in the prompt, and the code. */
export function pythonProgram(
  item: PythonProgramItem,
  answer: { readonly text: string; readonly form: 'completion' | 'answer' },
): string {
  if (answer.form === 'completion') return item.prompt + completion(answer.text)
  const code = codeIn(answer.text, item.entry)
  if (definition(item.entry).test(code)) return `${headOf(item)}\n${code}\n`
  // Not the function but its body.
  return item.prompt + (/^[ \t]/.test(code) ? code : indented(code))
}

/** What the prompt has before the function that it asks for: imports, and other functions. */
export function headOf({ prompt, entry }: PythonProgramItem): string {
  const at = [...prompt.matchAll(new RegExp(definition(entry).source, 'gm'))].at(-1)?.index
  return at === undefined ? '' : prompt.slice(0, at)
}

function definition(entry: string): RegExp {
  return new RegExp(`^(?:async +)?def +${entry}\\b`, 'm')
}

/** A completion goes on inside the function; what is written once that has ended is something else. */
function completion(text: string): string {
  const end = STOPS.map((stop) => text.indexOf(stop))
    .filter((at) => at >= 0)
    .reduce((first, at) => Math.min(first, at), text.length)
  return text.slice(0, end)
}

/** The stops that go with the task. */
const STOPS = ['\nclass ', '\ndef ', '\n#', '\n@', '\nif ', '\nprint(', '\nassert ', '\n```', '\n"""', "\n'''"]

/** The first code block with the function in it, else the first block, else the text from its first line of code on. */
function codeIn(text: string, entry: string): string {
  // A block that the answer was cut in goes to its end.
  const blocks = [...text.matchAll(/```[ \t]*(\w*)[^\n]*\n([\s\S]*?)(?:\n[ \t]*```|$)/g)].map(([, , code = '']) => code)
  const chosen = blocks.find((code) => definition(entry).test(dedented(code))) ?? blocks[0]
  if (chosen !== undefined) return dedented(chosen)
  const start = /^(?:(?:from|import|def|class|async)\b|@)/m.exec(text)?.index
  return start === undefined ? text : text.slice(start)
}

/** Inside a list, a block is indented as a whole. */
function dedented(code: string): string {
  const [first = ''] = code.split('\n').filter((line) => line.trim() !== '')
  const margin = /^[ \t]*/.exec(first)?.[0] ?? ''
  const isBlock = /^(?:from|import|def|class|async|@)/.test(first.trimStart())
  if (margin === '' || !isBlock) return code
  return code
    .split('\n')
    .map((line) => (line.startsWith(margin) ? line.slice(margin.length) : line))
    .join('\n')
}

function indented(code: string): string {
  return code
    .split('\n')
    .map((line) => (line.trim() === '' ? line : `    ${line}`))
    .join('\n')
}
