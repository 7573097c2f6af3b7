import type { Plan } from '../plan/plan.ts'
import type { RunFolder } from '../store/run-folder.ts'
import { type CellResult, cellResultsOf } from '../store/schema.ts'
import type { LaidCell, RetimeRequest } from './retime-decoding.ts'
import { timeInThreads } from './timing/timing-threads.ts'

export interface CellWork {
  readonly plan: Plan
  readonly folder: RunFolder
  readonly hiddenSize: number
  readonly signal: AbortSignal
}

/** Cells whose first rounds are kept one by one, for figures of single rounds; of a larger sweep as many, evenly spread. */
const TRACED_CELLS = 400

/** Times every decoding on every network that it was not timed on yet; in the order of the plan. */
export async function runCells({ plan, folder, hiddenSize, signal }: CellWork): Promise<CellResult[]> {
  const known = await folder.readCells(plan.cells)
  const results = new Map(known.map((result) => [result.cell.id, result]))
  const requests = requestsOf({ plan, folder, hiddenSize, known: results })
  const cells = new Map(plan.cells.map((cell) => [cell.id, cell]))
  await timeInThreads({
    requests,
    signal,
    done: async ({ timed, traces }) => {
      for (const { id, trace } of traces) await folder.writeCellTrace(id, trace)
      const before = await folder.readTimedCells(timed.decoding)
      await folder.writeTimedCells({ ...timed, cells: [...(before?.cells ?? []), ...timed.cells] })
      for (const result of cellResultsOf(timed, cells)) results.set(result.cell.id, result)
    },
  })
  return plan.cells.flatMap(({ id }) => results.get(id) ?? [])
}

/** One for every decoding that has cells left. */
function requestsOf({
  plan,
  folder,
  hiddenSize,
  known,
}: {
  readonly plan: Plan
  readonly folder: RunFolder
  readonly hiddenSize: number
  readonly known: ReadonlyMap<string, CellResult>
}): RetimeRequest[] {
  const conditions = new Map(plan.conditions.map((condition) => [condition.id, condition]))
  const traced = tracedCells(plan)
  const byDecoding = new Map<string, LaidCell[]>()
  for (const cell of plan.cells) {
    const condition = conditions.get(cell.condition)
    if (known.has(cell.id) || condition === undefined) continue
    const laid = byDecoding.get(cell.decoding) ?? []
    laid.push({ cell, condition, traced: traced.has(cell.id) })
    byDecoding.set(cell.decoding, laid)
  }
  return [...byDecoding].map(([decoding, laid]) => ({
    decoding,
    traceFile: folder.traceFile('decodings', decoding),
    hiddenSize,
    cells: laid,
  }))
}

function tracedCells({ cells, live }: Plan): Set<string> {
  const step = Math.max(1, cells.length / TRACED_CELLS)
  const spread = cells.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step))
  return new Set([...spread.map(({ id }) => id), ...live])
}
