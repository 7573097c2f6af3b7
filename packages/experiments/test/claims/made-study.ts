import type { Condition } from '../../src/store/schema.ts'

/** An answer: how many tokens each round commits, its text, whether it is right. */
export interface MadeAnswer {
  readonly rounds: readonly number[]
  readonly text?: string
  readonly correct?: boolean
}

export interface MadeArm {
  readonly id: string
  /** 0 decodes plainly. */
  readonly gamma: number
  readonly lossless: boolean
  readonly controls?: string
  /** Replayed from the plain texts instead of decoded. */
  readonly replayed?: boolean
  /** Whether a live cell of its first network gave the same ids; undefined without one. */
  readonly liveIsSame?: boolean
  /** The answer to a prompt, counted from 0; undefined leaves it out. */
  readonly answer: (prompt: number, seed: number) => MadeAnswer | undefined
}

export interface MadeStudy {
  readonly prompts: number
  readonly arms: readonly MadeArm[]
  readonly conditions: readonly Condition[]
  readonly seeds?: readonly number[]
  readonly marginPoints?: number
  /** Default: `t`, no bundled model. */
  readonly target?: string
  readonly runId?: string
}

/** The one task of such a study. */
export const TASK = 'sums'

/** A network of nodes of 10 ms each, with links that neither jitter nor lose. */
export function network(nodes: number, latencyMs: number): Condition {
  return {
    id: `n${nodes}-latencyms${latencyMs}`,
    nodes,
    link: { latencyMs, jitterMs: 0, loss: 0 },
    compute: { kind: 'declared', baseMs: 10, perRowMs: 0, draftStepMs: 1 },
  }
}
