import type { Plan } from '../plan/plan.ts'
import type { RunFolder } from '../store/run-folder.ts'
import type { CellResult } from '../store/schema.ts'
import type { WorkerPool } from './worker-pool.ts'

export interface CellWork {
  readonly plan: Plan
  readonly folder: RunFolder
  readonly pool: WorkerPool
  readonly hiddenSize: number
}

/** Times every decoding on every network that it was not timed on yet; in the order of the plan. */
export async function runCells({ plan, folder, pool, hiddenSize }: CellWork): Promise<CellResult[]> {
  const conditions = new Map(plan.conditions.map((condition) => [condition.id, condition]))
  const results = new Map<string, CellResult>()
  const work = plan.decodings.map(async (decoding) => {
    const wanted = plan.cells.filter((cell) => cell.decoding === decoding.id)
    const known = await Promise.all(wanted.map(({ id }) => folder.readCell(id)))
    for (const cell of known) if (cell !== undefined) results.set(cell.cell.id, cell)
    const cells = wanted.flatMap((cell, index) => {
      const condition = conditions.get(cell.condition)
      return known[index] !== undefined || condition === undefined ? [] : [{ cell, condition }]
    })
    if (cells.length === 0) return
    const request = { traceFile: folder.traceFile('decodings', decoding.id), hiddenSize, cells }
    const timed = await pool.run({ kind: 'time', request })
    if (timed.kind !== 'timed') throw new RangeError(`a worker answered ${timed.kind} to a decoding to be timed`)
    for (const { cell, items, trace } of timed.cells) {
      const result: CellResult = { schema: 1, cell, clock: 'virtual', items: [...items] }
      await folder.writeCell(result, trace)
      results.set(cell.id, result)
    }
  })
  for (const one of work) one.catch((error: unknown) => pool.abort(error))
  await Promise.allSettled(work)
  await Promise.all(work)
  return plan.cells.flatMap(({ id }) => results.get(id) ?? [])
}
