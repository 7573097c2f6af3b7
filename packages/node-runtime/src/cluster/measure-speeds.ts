import type { Precision } from '../engines/precision.ts'
import type { EngineName } from '../engines/shard-engine.ts'
import { protocolError } from '../shard/messages.ts'
import { allOrNone } from './all-or-none.ts'
import { spawnNode } from './spawn-node.ts'

export interface SpeedRequest {
  readonly model: string
  readonly nodes: number
  readonly engine?: EngineName
  readonly precision?: Precision
  readonly signal?: AbortSignal
}

/**
 * How many layers a second each node computes, measured by `dsd-node --measure` in as many processes at once, so that they
 * share the machine as the shards will. `[nodes]`
 *
 * @throws DsdError naming the node that cannot be started, the signal's reason when aborted; nothing is left running.
 */
export function measureSpeeds({ model, nodes, engine, precision, signal }: SpeedRequest): Promise<number[]> {
  const args = [
    '--measure',
    '--model',
    model,
    ...(engine === undefined ? [] : ['--engine', engine]),
    ...(precision === undefined ? [] : ['--precision', precision]),
  ]
  const measure = async (node: number, ending: AbortSignal): Promise<number> => {
    const name = `node ${node}`
    const { report } = await spawnNode({ args, name, signal: ending })
    if (report.event === 'measured') return report.layersPerSecond
    throw protocolError(name, `reported ${report.event} instead of its speed`)
  }
  return allOrNone(
    Array.from({ length: nodes }, (_, node) => (ending: AbortSignal) => measure(node, ending)),
    signal,
  )
}
