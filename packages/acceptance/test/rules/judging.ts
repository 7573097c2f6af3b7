import { judgeRun, type RuleSpec, type RunVerdict, sequenceNoise, type TokenId } from '@dsd-lab/core'
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
}: Judging): RunVerdict {
  const vocabSize = rows[0]?.length ?? 0
  return judgeRun({
    rule: resolveRule(spec, { vocabSize, temperature, ...(tokenClasses && { tokenClasses }) }),
    sampling: { temperature },
    logits: Float32Array.from(rows.flat(), Math.log),
    vocabSize,
    firstPosition: 10,
    drafted,
    noise: sequenceNoise({ seed, sequence: 0 }),
    annotate,
  })
}
