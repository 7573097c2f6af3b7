/**
 * Records which mismatches matter in the experiments of the catalogue that have an oracle, so that these run without a measurement
 * of one's own: the semi-greedy labels of finished measurements of one task each, in full. The file is replaced when the record is whole.
 *
 *     pnpm exp importance rule-frontier.ts --effect 0
 *     node --import tsx bench/record-labels.ts runs/importance-rule-frontier-<id> ... [--out packages/experiments/data/shipped-labels.json]
 *     npx biome check --write packages/experiments/data
 */
import { parseArgs } from 'node:util'
import { findMeasurement } from '../packages/experiments/src/importance/find-measurement.ts'
import { labelsOf } from '../packages/experiments/src/importance/measured-labels.ts'
import { SHIPPED_LABELS, shippedLabelsSchema } from '../packages/experiments/src/importance/shipped-labels.ts'
import { writeAtomically } from '../packages/experiments/src/store/atomic-write.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { out: { type: 'string', default: SHIPPED_LABELS } },
})

async function recordOf(path: string): Promise<unknown> {
  const found = await findMeasurement('runs', path)
  if (found === undefined) throw new Error(`${path}: no finished measurement; make one with exp importance`)
  const { tasks, models, engine, window, texts } = labelsOf(found)
  const [task, another] = tasks
  if (task === undefined || another !== undefined) throw new Error(`${path}: ${tasks.length} tasks; measure one`)
  return { name: found.manifest.id, models, engine, task, window, texts: Object.fromEntries(await texts(task.name)) }
}

const records = shippedLabelsSchema.parse(await Promise.all(positionals.map(recordOf)))
await writeAtomically(values.out, `${JSON.stringify(records)}\n`)
console.log(`wrote ${values.out}`)
