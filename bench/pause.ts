/**
 * What a pass costs after a pause, beside passes one after another: a shard of a chain waits out the links of the whole round before
 * its next pass, while its cores fall asleep, its caches cool, and the system may wake its threads on one core.
 *
 *     node --import tsx bench/pause.ts [MODEL] [--layers 8] [--rows 1] [--passes 40]
 *
 * Default: smollm2-135m, its first layers, engine `onnx`, one thread and one for each core.
 */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { loadShard } from '@dsd-lab/node-runtime'
import { machineLoad } from './machine-load.ts'
import { median } from './median.ts'
import { startTable } from './table.ts'

const PAUSES_MS = [0, 25, 100]

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    layers: { type: 'string', default: '8' },
    rows: { type: 'string', default: '1' },
    passes: { type: 'string', default: '40' },
  },
})
const [model = 'smollm2-135m'] = positionals
const ids = Array.from({ length: Number(values.rows) }, (_, row) => row)

console.log(`${model}, ${values.layers} layers, windows of ${values.rows}; ${machineLoad()}\n`)
const printRow = startTable(['threads', 'pause, ms', 'pass, ms', 'over no pause'])
for (const threads of new Set([1, availableParallelism()])) {
  process.env.DSD_THREADS = String(threads)
  await using shard = await loadShard({ model, layers: { from: 0, to: Number(values.layers) }, engine: 'onnx' })
  const session = shard.openSession()
  let unpausedMs: number | undefined
  for (const pauseMs of PAUSES_MS) {
    const times: number[] = []
    for (let pass = 0; pass < Number(values.passes); pass++) {
      if (pauseMs > 0) await new Promise((resume) => setTimeout(resume, pauseMs))
      const from = performance.now()
      await session.forward({ start: 0, input: { kind: 'ids', ids } })
      times.push(performance.now() - from)
    }
    const passMs = median(times)
    unpausedMs ??= passMs
    printRow([String(threads), String(pauseMs), passMs.toFixed(2), (passMs / unpausedMs).toFixed(2)])
  }
  session.close()
}
