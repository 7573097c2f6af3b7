import { drawsFor } from '../draws.ts'
import type { ItemRequest, ProgramItem, Split } from '../task-item.ts'
import { hiddenTests } from './hidden-tests.ts'
import { drawPipeline } from './pipeline.ts'
import { writeBody } from './writing.ts'

const TASK = 'programs'

const ENTRIES = [
  'solve',
  'compute',
  'run',
  'process',
  'transform',
  'handle',
  'convert',
  'build',
  'make',
  'work',
  'apply',
  'pick',
  'select',
  'derive',
  'prepare',
]
const INPUTS = {
  numbers: ['numbers', 'xs', 'values', 'items', 'list', 'data', 'nums', 'input', 'series'],
  words: ['words', 'strings', 'items', 'list', 'names', 'terms', 'input', 'entries', 'labels'],
}
const NOUN = { numbers: 'numbers', words: 'words' }

/** Frames around the clauses: a lead-in, and what stands between clauses. No frame is in both splits. */
const FRAMES: Record<Split, readonly (readonly [lead: string, middle: string, last: string])[]> = {
  train: [
    ['', ', ', ', then '],
    ['', ', then ', ' and '],
    ['', '. Then ', '. Then '],
    ['', ', ', ' and finally '],
    ['From a list of {noun}, ', ', ', ' and '],
    ['Take a list of {noun}. ', '. Next, ', '. Finally, '],
    ['Given {noun}, ', ', then ', ', then '],
    ['For the {noun} in {input}: ', ', ', ' and then '],
    ['First, ', '. Then ', '. Finally, '],
    ['Start from {input}, ', ', ', ', then '],
  ],
  heldout: [
    ['Given a list of {noun}, ', ', then ', ' and finally '],
    ['First, ', ', then ', ', then '],
    ['For the {noun} in a list: ', '. Next, ', '. Finally, '],
    ['Take {input}. ', '. Then ', '. Finally, '],
    ['From {input}, ', ', ', ' and '],
  ],
}

/** One small JavaScript function asked for by a comment and a signature, with a reference body and hidden tests. */
export function program(request: ItemRequest): ProgramItem {
  const draws = drawsFor({ task: TASK, ...request })
  const pipeline = drawPipeline(draws, request.split)
  const entry = draws.pick(ENTRIES)
  const input = draws.pick(INPUTS[pipeline.from])
  const frame = draws.pick(FRAMES[request.split])
  const [lead, middle, last] = frame
  const asked = pipeline.steps.map((step) => draws.pick(step.asked))
  const opening = lead.replace('{noun}', NOUN[pipeline.from]).replace('{input}', input)
  const comment = asked
    .map((clause, index) => `${index === 0 ? opening : index === asked.length - 1 ? last : middle}${clause}`)
    .join('')
  return {
    kind: 'program',
    id: `${TASK}/${request.split}/${request.seed}/${request.index}`,
    task: TASK,
    prompt: `// ${capital(comment)}.\nfunction ${entry}(${input}) {`,
    reference: writeBody(draws, pipeline, input),
    entry,
    hiddenTests: hiddenTests(draws, pipeline),
    meta: { template: `${frame.join('|')} | ${pipeline.signature}`, steps: pipeline.steps.length },
  }
}

/** Capitals after full stops. */
const capital = (text: string): string =>
  text.replace(/(^|\. )([a-z])/g, (_, before: string, letter: string) => before + letter.toUpperCase())
