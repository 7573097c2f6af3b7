import { loadShard } from '../engines/load-shard.ts'
import { openModel } from '../models/model-source.ts'
import { conversionLines } from './conversion-lines.ts'
import type { MeasureArguments } from './node-arguments.ts'
import type { NodeReport } from './node-report.ts'

/** A verified window of a usual size. */
const ROWS = 5
const WARM_UP = 10
const WINDOWS = 30

/**
 * Times one layer from the middle of the model on windows of 5 rows: the median of 30.
 *
 * @throws DsdError when the model or the engine cannot be had.
 */
export async function measureSpeed({ model: ref, engine, precision }: MeasureArguments): Promise<NodeReport> {
  const model = await openModel(ref)
  const from = model.config.layers >> 1
  await using shard = await loadShard({
    model,
    layers: { from, to: from + 1 },
    engine,
    precision,
    onConvert: conversionLines(model.ref),
  })
  const session = shard.openSession()
  const ids = Array.from({ length: ROWS }, () => 0)
  const hidden = new Float32Array(ROWS * shard.hiddenSize).fill(0.1)
  const input = shard.embeds ? ({ kind: 'ids', ids } as const) : ({ kind: 'hidden', rows: ROWS, hidden } as const)
  const timesMs: number[] = []
  for (let window = 0; window < WARM_UP + WINDOWS; window++) {
    const startMs = performance.now()
    await session.forward({ start: 0, input, logitsFrom: ROWS })
    if (window >= WARM_UP) timesMs.push(performance.now() - startMs)
  }
  session.close()
  const medianMs = timesMs.sort((a, b) => a - b)[WINDOWS >> 1] ?? Number.NaN
  return { event: 'measured', pid: process.pid, engine: shard.engine.name, layersPerSecond: 1000 / medianMs }
}
