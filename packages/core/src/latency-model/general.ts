import { type Acceptance, foreseenChance, tokensPerRound } from './acceptance.ts'
import type { ComputeModel } from './compute.ts'
import { meanDraftMs } from './mean-draft.ts'
import { type LinkModel, linkAt, meanLink, type NetworkModel } from './network.ts'
import { costRound, roundLoad } from './round-cost.ts'

/** A chain as the cost model sees it; `costRound` gives single rounds, this gives means. */
export interface ChainCosts {
  readonly nodes: number
  readonly hiddenSize: number
  readonly network: NetworkModel
  readonly compute: ComputeModel
  /** t_d: one step of the draft model, ms. */
  readonly draftStepMs: number
}

/** g t_d + T(g + 1): mean time of a round with a window of `gamma`, over jitter and loss, ms. */
export function meanRoundMs(chain: ChainCosts, gamma: number): number {
  const links = Array.from({ length: chain.nodes + 1 }, (_, place): LinkModel => meanLink(linkAt(chain.network, place)))
  const load = roundLoad({ rows: gamma + 1, forced: 0, draftSteps: gamma })
  return costRound({ ...chain, network: { links }, load }).timing.totalMs
}

/** R_AR = 1 / T(1): tokens a second of plain decoding. */
export function autoregressiveRate(chain: ChainCosts): number {
  return 1000 / meanRoundMs(chain, 0)
}

export interface RateOptions {
  /** As in `SpeculativeOptions`. Default false. */
  readonly draftAhead?: boolean
}

/**
 * R_sync(g) = E(g) / (g t_d + T(g + 1)): tokens a second of synchronous rounds, a ratio of means. Where drafts are made ahead,
 * `meanDraftMs` stands for g t_d.
 */
export function synchronousRate(
  chain: ChainCosts,
  acceptance: Acceptance,
  gamma: number,
  { draftAhead = false }: RateOptions = {},
): number {
  const targetMs = meanRoundMs({ ...chain, draftStepMs: 0 }, gamma)
  const foreseen = draftAhead ? foreseenChance(acceptance, gamma) : undefined
  const draftMs = meanDraftMs({ gamma, stepMs: chain.draftStepMs, targetMs, foreseen })
  return (1000 * tokensPerRound(acceptance, gamma)) / (draftMs + targetMs)
}

/** R_sync(g) / R_AR. */
export function predictedSpeedup(
  chain: ChainCosts,
  acceptance: Acceptance,
  gamma: number,
  options: RateOptions = {},
): number {
  return synchronousRate(chain, acceptance, gamma, options) / autoregressiveRate(chain)
}

export interface BestWindow {
  readonly gamma: number
  readonly speedup: number
}

/**
 * The window with the largest predicted speed-up, the shortest of equals.
 * @param options `maxGamma`: largest window tried, default 16; 0 (no drafting) is always among them
 */
export function bestWindow(
  chain: ChainCosts,
  acceptance: Acceptance,
  { maxGamma = 16, ...options }: RateOptions & { readonly maxGamma?: number } = {},
): BestWindow {
  const windows = Array.from({ length: maxGamma + 1 }, (_, gamma) => ({
    gamma,
    speedup: predictedSpeedup(chain, acceptance, gamma, options),
  }))
  return windows.reduce((best, window) => (window.speedup > best.speedup ? window : best))
}
