import { type Distribution, judgeRun, type RuleSpec, type RunVerdict, sequenceNoise, type TokenId } from '@dsd-lab/core'
import { resolveRule } from '../../src/index.ts'

export interface Judging {
  readonly spec: RuleSpec
  /** Target probabilities of the rows; their logarithms are the logits. `[gamma + 1, vocab]` */
  readonly rows: readonly (readonly number[])[]
  readonly drafted: readonly TokenId[]
  /** Default 0. */
  readonly temperature?: number
  readonly seed?: number
  readonly tokenClasses?: Uint8Array
  readonly annotate?: boolean
  /** Raw logits of the first row, where its probabilities do not say enough. `[vocab]` */
  readonly logits?: readonly number[]
  readonly drafts?: readonly Distribution[]
  /** Ids before the window; positions then count from its length. Default: none, and positions from 10. */
  readonly text?: readonly TokenId[]
  readonly sequence?: number
}

/** Runs a rule on rows given as probabilities. */
export function judging({
  spec,
  rows,
  drafted,
  temperature = 0,
  seed = 1,
  tokenClasses,
  annotate,
  logits,
  drafts,
  text,
  sequence,
}: Judging): RunVerdict {
  const [first = [], ...others] = rows
  const vocabSize = first.length
  return judgeRun({
    rule: resolveRule(spec, {
      vocabSize,
      temperature,
      ...(tokenClasses && { tokenClasses }),
      ...(sequence !== undefined && { sequence }),
    }),
    sampling: { temperature },
    logits: Float32Array.from([...(logits ?? first.map(Math.log)), ...others.flat().map(Math.log)]),
    vocabSize,
    firstPosition: text?.length ?? 10,
    text,
    drafts,
    drafted,
    noise: sequenceNoise({ seed, sequence: 0 }),
    annotate,
  })
}
