import { once } from 'node:events'
import { createWriteStream, mkdirSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { program } from '../packages/experiments/src/datasets/programs/generate.ts'
import type { Generator, Split } from '../packages/experiments/src/datasets/task-item.ts'
import { wordProblem } from '../packages/experiments/src/datasets/word-problems/generate.ts'

/** Writes `train.jsonl` and one `heldout-<task>.jsonl` a task for the Python side. Run: `node --import tsx training/write-data.ts`. */
const { values } = parseArgs({
  options: {
    out: { type: 'string', default: new URL('./data/', import.meta.url).pathname },
    'word-problems': { type: 'string', default: '130000' },
    programs: { type: 'string', default: '90000' },
    heldout: { type: 'string', default: '600' },
    seed: { type: 'string', default: '1' },
  },
})

const seed = Number(values.seed)
const tasks: readonly (readonly [name: string, generator: Generator, count: number])[] = [
  ['word-problems', wordProblem, Number(values['word-problems'])],
  ['programs', program, Number(values.programs)],
]

async function write(file: string, split: Split, wanted: typeof tasks): Promise<void> {
  const out = createWriteStream(`${values.out}/${file}`)
  for (const [, generator, count] of wanted) {
    for (let index = 0; index < count; index++) {
      const item = generator({ split, seed, index })
      const line = split === 'train' ? { task: item.task, prompt: item.prompt, reference: item.reference } : item
      if (!out.write(`${JSON.stringify(line)}\n`)) await once(out, 'drain')
    }
  }
  out.end()
  await once(out, 'close')
}

mkdirSync(values.out, { recursive: true })
await write('train.jsonl', 'train', tasks)
for (const [name, generator] of tasks)
  await write(`heldout-${name}.jsonl`, 'heldout', [[name, generator, Number(values.heldout)]])
