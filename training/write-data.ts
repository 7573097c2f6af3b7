import { once } from 'node:events'
import { createWriteStream, mkdirSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { loadTask, type TaskItem } from '../packages/experiments/src/datasets/index.ts'

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
const trainCounts = { 'word-problems': Number(values['word-problems']), programs: Number(values.programs) }

async function write(file: string, items: Iterable<object>): Promise<void> {
  const out = createWriteStream(`${values.out}/${file}`)
  for (const item of items) if (!out.write(`${JSON.stringify(item)}\n`)) await once(out, 'drain')
  out.end()
  await once(out, 'close')
}

mkdirSync(values.out, { recursive: true })
const train: Pick<TaskItem, 'task' | 'prompt' | 'reference'>[][] = []
for (const [name, limit] of Object.entries(trainCounts)) {
  const heldout = loadTask(name, { limit: Number(values.heldout), split: 'heldout', seed })
  await write(`heldout-${name}.jsonl`, heldout.items)
  const taught = loadTask(name, { limit, split: 'train', seed })
  train.push(taught.items.map(({ task, prompt, reference }) => ({ task, prompt, reference })))
  process.stdout.write(
    `${name}: ${limit} training items (${taught.digest}), ${heldout.items.length} held out (${heldout.digest})\n`,
  )
}
await write('train.jsonl', train.flat())
