import { PURPOSE, type TimedChain, uniformField } from '@dsd-lab/core'

/** A hidden state of a 1.5B model. */
const HIDDEN_SIZE = 1536

export const NETWORK_COLUMNS = ['nodes', 'latency', 'jitter', 'Mbit/s', 'loss', 'ms a row', 'draft ms'] as const

/** A random network: every quantity log-uniform in its range, jitter as a share of latency. */
export function drawNetwork(number: number, seed: number): TimedChain {
  const field = uniformField({ seed, purpose: PURPOSE.WORKLOAD, sequence: 0, position: number })
  let drawn = 0
  const between = (low: number, high: number): number => low * (high / low) ** field.at(drawn++)
  const nodes = Math.round(between(2, 8))
  const latencyMs = between(2, 100)
  return {
    nodes,
    hiddenSize: HIDDEN_SIZE,
    network: {
      links: {
        latencyMs,
        jitterMs: latencyMs * between(0.01, 0.3),
        bandwidthMbps: between(5, 500),
        loss: between(0.001, 0.03),
      },
      seed: number,
    },
    compute: { baseMs: between(2, 20), perRowMs: between(0.1, 4) },
    draftStepMs: between(0.3, 5),
  }
}

/** Four nodes on links of one latency and bandwidth. */
export function linked(latencyMs: number, bandwidthMbps: number): TimedChain {
  return {
    nodes: 4,
    hiddenSize: HIDDEN_SIZE,
    network: { links: { latencyMs, jitterMs: 0.1 * latencyMs, bandwidthMbps }, seed: 1 },
    compute: { baseMs: 5, perRowMs: 0.5 },
    draftStepMs: 2,
  }
}

/** The network as cells of a table, in the order of `NETWORK_COLUMNS`. */
export function networkCells({ nodes, network: { links }, compute, draftStepMs }: TimedChain): string[] {
  if (!('latencyMs' in links) || !('baseMs' in compute)) return []
  const { latencyMs, jitterMs = 0, bandwidthMbps = 0, loss = 0 } = links
  const cells: readonly (readonly [value: number, digits: number])[] = [
    [nodes, 0],
    [latencyMs, 1],
    [jitterMs, 1],
    [bandwidthMbps, 1],
    [loss, 3],
    [compute.perRowMs, 2],
    [draftStepMs, 2],
  ]
  return cells.map(([value, digits]) => value.toFixed(digits))
}
