/** The quantities of the paper's cost equations (arXiv 2511.11733, as three readers state them). */
export interface PaperCosts {
  /** N, number of nodes. */
  readonly nodes: number
  /** t0: compute of one token over the whole model, ms. */
  readonly computeMs: number
  /** t1: latency of one link, ms. */
  readonly latencyMs: number
  /** k: mean number of tokens committed in one round. >= 1 */
  readonly tokensPerRound: number
}

/** T_std = k (t0 + (N-1) t1): k tokens, one round each. */
export function standardMs({ nodes, computeMs, latencyMs, tokensPerRound }: PaperCosts): number {
  return tokensPerRound * (computeMs + (nodes - 1) * latencyMs)
}

/** T_DSD = k t0 + (N-1) t1: k tokens in one round. */
export function dsdMs({ nodes, computeMs, latencyMs, tokensPerRound }: PaperCosts): number {
  return tokensPerRound * computeMs + (nodes - 1) * latencyMs
}

/** R_comm = (N-1) t1 (k-1) / (k (t0 + (N-1) t1)), which equals 1 - T_DSD / T_std. In [0, 1). */
export function communicationReduction({ nodes, computeMs, latencyMs, tokensPerRound }: PaperCosts): number {
  const hops = (nodes - 1) * latencyMs
  return (hops * (tokensPerRound - 1)) / (tokensPerRound * (computeMs + hops))
}

/** T_std / T_DSD. */
export function paperSpeedup(costs: PaperCosts): number {
  return standardMs(costs) / dsdMs(costs)
}
