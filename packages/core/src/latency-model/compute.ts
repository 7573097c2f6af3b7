/** Time of a window in one node's engine: `baseMs + perRowMs * rows`. Declared, or fitted to measurements. */
export interface NodeCompute {
  readonly baseMs: number
  readonly perRowMs: number
}

/** One for all nodes, or one each, head first. `[nodes]` */
export type ComputeModel = NodeCompute | readonly NodeCompute[]

/** Nodes that compute in no time. */
export const instantCompute: ComputeModel = { baseMs: 0, perRowMs: 0 }

/** The costs of a node, 0 to `nodes - 1`. Behind the end of a list: those of its last. */
export function computeAt(model: ComputeModel, node: number): NodeCompute {
  if ('baseMs' in model) return model
  return model[node] ?? model.at(-1) ?? { baseMs: 0, perRowMs: 0 }
}

/** Whole microseconds. */
export function computeUs(model: ComputeModel, node: number, rows: number): number {
  const { baseMs, perRowMs } = computeAt(model, node)
  return Math.round((baseMs + perRowMs * rows) * 1000)
}
