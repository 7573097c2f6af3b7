import type { Round, TimedChain } from '@dsd-lab/core'

interface FittedLinks {
  /** As declared, the same for every link. */
  readonly latencyMs: number
}

/** What rounds took, by part. */
export interface RoundFit {
  /** Of one node. */
  readonly baseMs: number
  readonly perRowMs: number
  readonly draftStepMs: number
  /** Of a round: sockets, scheduling, all that no other part accounts for. */
  readonly overheadMs: number
}

/** What rounds took: compute of one node as a line in the rows, a draft step, and all that is neither of these nor a declared link. */
export function fitOf(rounds: readonly Round[], { latencyMs }: FittedLinks): RoundFit {
  const samples = rounds.flatMap(({ rows, timing }) => timing.computeMs.map((ms) => ({ rows, ms })))
  const mean = (of: (sample: (typeof samples)[number]) => number): number =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length
  const [meanRows, meanMs] = [mean(({ rows }) => rows), mean(({ ms }) => ms)]
  const perRowMs =
    mean(({ rows, ms }) => (rows - meanRows) * (ms - meanMs)) / mean(({ rows }) => (rows - meanRows) ** 2)
  const steps = rounds.reduce((sum, { draftSteps }) => sum + draftSteps, 0)
  const draftStepMs = rounds.reduce((sum, { timing }) => sum + timing.draftMs, 0) / steps
  const rest = rounds.map(({ timing }) => {
    const links = latencyMs * (timing.computeMs.length + 1)
    return timing.totalMs - timing.draftMs - timing.computeMs.reduce((sum, ms) => sum + ms, 0) - links
  })
  const overheadMs = rest.reduce((sum, ms) => sum + ms, 0) / rounds.length
  return { baseMs: meanMs - perRowMs * meanRows, perRowMs, draftStepMs, overheadMs }
}

export interface FittedChain extends FittedLinks {
  readonly fit: RoundFit
  readonly nodes: number
  readonly hiddenSize: number
}

/** Overhead of sockets and scheduling is spread over the links. */
export function chainFrom({ fit, nodes, hiddenSize, latencyMs }: FittedChain): TimedChain {
  const { baseMs, perRowMs, draftStepMs, overheadMs } = fit
  return {
    nodes,
    hiddenSize,
    network: { links: { latencyMs: latencyMs + Math.max(0, overheadMs) / (nodes + 1) } },
    compute: { baseMs: Math.max(0, baseMs), perRowMs: Math.max(0, perRowMs) },
    draftStepMs,
  }
}
