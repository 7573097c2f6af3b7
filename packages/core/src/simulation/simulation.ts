import type { WindowPolicy } from '../drafting/window-controller.ts'
import type { TimedChain } from '../latency-model/round-timer.ts'
import type { RecordedPass } from '../replay/recorded-pass.ts'

export interface SimulationRequest {
  /** 1 to 512 nodes, even or each with its own compute and link. */
  readonly chain: TimedChain
  /** Texts in the order they are asked for: recorded, or drawn from measured statistics (`drawPass`). At least one. */
  readonly texts: readonly RecordedPass[]
  readonly window: WindowPolicy
  /** Texts that are decoded at once; the next one begins when one ends. >= 1, default 1. */
  readonly requests?: number
  /** What the session's opening adds to the first window of a text. Default 0. */
  readonly openingBytes?: number
  /** As in `SpeculativeOptions`; for one text at a time. Default false. */
  readonly draftAhead?: boolean
}

export interface SimulatedText {
  readonly tokens: number
  readonly rounds: number
  readonly startMs: number
  readonly endMs: number
  /** From the start of the text to its first verdict. */
  readonly firstTokenMs: number
}

export interface Simulation {
  /** In the order of `texts`. */
  readonly texts: readonly SimulatedText[]
  readonly totalMs: number
  readonly roundsPerSecond: number
  readonly tokensPerSecond: number
  /** Share of the time that each node computes. `[nodes]` */
  readonly busy: readonly number[]
  /** Mean time that a window waits for a node, over all nodes. */
  readonly meanQueueMs: number
}
