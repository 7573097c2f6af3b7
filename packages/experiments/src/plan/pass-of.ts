import type { RuleSpec, Sampling } from '@dsd-lab/core'
import type { Condition, Decoding } from '../store/schema.ts'
import type { CodeVersion } from './code-version.ts'
import { contentId } from './digest.ts'
import { seedMatters } from './seed-matters.ts'
import type { PlannedVariant } from './variants.ts'

/**
 * Work of the models on one task under one seed: either decoded for real under a rule, or recorded once for every lossless
 * variant (design: replay), the text of the target and what the draft model says after each of its prefixes.
 */
export interface Pass {
  readonly id: string
  readonly kind: 'recorded' | 'decoded'
  readonly task: string
  readonly seed: number
  readonly gamma: number
  /** Set where it has to be known which windows could have been drafted ahead; a recorded pass always tells. */
  readonly draftAhead?: true
  /** Absent on a recorded pass, and on a control until its rate is known. */
  readonly rule?: RuleSpec
  /** Set on a control: the decodings whose share of relaxed mismatches becomes its rate. */
  readonly rateOf?: readonly string[]
}

/** What a task is to a plan. */
export interface PlannedTask {
  readonly name: string
  /** Of its items. */
  readonly digest: string
  readonly maxTokens: number
  /** Digest of the prompts as a chat template wrote them; absent where items are texts to continue. */
  readonly chat?: string
}

/** What determines the tokens besides the variant and the seed. */
export interface DecodingFacts {
  readonly targetDigest: string
  /** Null when nothing is drafted. */
  readonly draftDigest: string | null
  /**
   * Set when the text itself drafts (prompt lookup): a draft then depends on where its window begins, so that no window can be
   * replayed from one recorded pass. Default: false.
   */
  readonly draftsFromText?: boolean
  readonly engine: string
  readonly sampling: Sampling
  readonly code: CodeVersion
  /** Digest of the modules that register rules of the user's own; null when every rule ships with the lab. */
  readonly ruleCode: string | null
  readonly tasks: readonly PlannedTask[]
  readonly seeds: readonly number[]
  readonly conditions: readonly Condition[]
}

/** The pass that makes the tokens of a variant; of a control, after the decodings that it copies. */
export function passOf({
  variant,
  task,
  seed,
  facts,
  decodings,
  draftAhead,
}: {
  readonly variant: PlannedVariant
  readonly task: PlannedTask
  readonly seed: number
  readonly facts: DecodingFacts
  readonly decodings: readonly Decoding[]
  /** Whether this or another variant of the same text drafts ahead. */
  readonly draftAhead: boolean
}): Pass {
  const { targetDigest, draftDigest, engine, sampling, code, ruleCode } = facts
  const shared = {
    targetDigest,
    draftDigest,
    engine,
    sampling,
    task: task.digest,
    maxTokens: task.maxTokens,
    chat: task.chat,
  }
  const keyed = seedMatters(variant, sampling) ? seed : null
  if (isReplayable(variant, facts)) {
    return {
      id: contentId({ ...shared, code: code.record, recorded: keyed }),
      kind: 'recorded',
      task: task.name,
      seed,
      gamma: 0,
    }
  }
  const { record, rule } = variant
  const rateOf = decodings
    .filter((decoding) => decoding.variant === record.controls && decoding.task === task.name)
    .map(({ id }) => id)
  const rates = decodings.filter(({ id }) => rateOf.includes(id)).map(({ pass }) => pass)
  const ahead = draftAhead ? { draftAhead } : {}
  const accept = rule === undefined ? { ...record.accept, matchRateOf: rates } : rule.spec
  return {
    id: contentId({ ...shared, code: code.decode, accept, gamma: record.gamma, seed: keyed, ruleCode, ...ahead }),
    kind: 'decoded',
    task: task.name,
    seed,
    gamma: record.gamma,
    ...ahead,
    ...(rule === undefined ? { rateOf } : { rule: rule.spec }),
  }
}

/** Whether the rounds of every window follow exactly from a recorded pass: the rule says so, and the window does not draft itself. */
function isReplayable({ record, rule }: PlannedVariant, { draftsFromText = false }: DecodingFacts): boolean {
  return record.accept === null || (rule?.replayable === true && !draftsFromText)
}
