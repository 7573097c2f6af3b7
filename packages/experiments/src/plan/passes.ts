import { DsdError, type RuleSpec, type Sampling } from '@dsd-lab/core'
import type { Condition, Decoding } from '../store/schema.ts'
import type { CodeVersion } from './code-version.ts'
import { varies } from './conditions.ts'
import { contentId } from './digest.ts'
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

export interface PlannedDecodings {
  readonly decodings: Decoding[]
  readonly passes: Pass[]
}

/** One decoding per variant, task and seed that matters, and the passes that make them, each after those it needs, recorded ones first. */
export function planDecodings(variants: readonly PlannedVariant[], facts: DecodingFacts): PlannedDecodings {
  const decodings: Decoding[] = []
  const passes = new Map<string, Pass>()
  for (const variant of variants) {
    for (const task of facts.tasks) {
      for (const seed of seedsOf(variant, facts)) {
        const pass = passOf({ variant, task, seed, facts, decodings })
        passes.set(pass.id, pass)
        decodings.push(
          ...(variant.record.window === undefined
            ? [decodingOf({ variant, task, seed, pass, facts })]
            : chosenDecodings({ variant, task, seed, pass, facts })),
        )
      }
    }
  }
  const all = [...passes.values()]
  const isRecorded = ({ kind }: Pass): boolean => kind === 'recorded'
  return { decodings, passes: [...all.filter(isRecorded), ...all.filter((pass) => !isRecorded(pass))] }
}

/** The recorded pass of the texts that a decoded pass begins as: the same task, and the same draws where there are any. */
export function recordedFor(
  pass: Pass,
  { passes, sampling }: { readonly passes: readonly Pass[]; readonly sampling: Sampling },
): Pass | undefined {
  if (pass.kind === 'recorded') return undefined
  return passes.find(
    ({ kind, task, seed }) =>
      kind === 'recorded' && task === pass.task && (sampling.temperature === 0 || seed === pass.seed),
  )
}

interface MadeFrom {
  readonly variant: PlannedVariant
  readonly task: PlannedTask
  readonly seed: number
  readonly pass: Pass
  readonly facts: DecodingFacts
}

function decodingOf({ variant: { record }, task, seed, pass, facts }: MadeFrom): Decoding {
  const content = { variant: record.id, pass: pass.id, gamma: record.gamma, analysisCode: facts.code.analysis }
  return { id: contentId(content), variant: record.id, task: task.name, seed, pass: pass.id }
}

/** Windows that are chosen on the way are another decoding on every network, and under every seed of one that varies. */
function chosenDecodings(from: MadeFrom): Decoding[] {
  const { variant, pass, seed, facts } = from
  if (pass.kind !== 'recorded') {
    throw new DsdError(
      `windows are chosen on the way, and ${variant.record.accept?.name} makes the text depend on them`,
      {
        kind: 'bad-input',
        where: `arms.${variant.record.arm}.gamma`,
        fix: 'give numbers, or a rule that keeps the text: coupled(), strict() at temperature 0; with a draft model',
      },
    )
  }
  const plain = decodingOf(from)
  return facts.conditions.flatMap((condition) => {
    const { id: _, ...network } = condition
    const drawn = varies(condition) && !seedMatters(variant, facts.sampling) ? facts.seeds : [seed]
    return drawn.map((one) => ({
      ...plain,
      id: contentId({ decoding: plain.id, network, seed: varies(condition) ? one : null }),
      seed: one,
      condition: condition.id,
    }))
  })
}

/** The seeds that can change the tokens; the first stands for all where none can. */
function seedsOf(variant: PlannedVariant, { seeds, sampling }: DecodingFacts): readonly number[] {
  return seedMatters(variant, sampling) ? seeds : seeds.slice(0, 1)
}

function seedMatters(variant: PlannedVariant, { temperature }: Sampling): boolean {
  return temperature > 0 || isRandomWhenGreedy(variant)
}

/** Whether a rule may draw at temperature 0; of one that does not say, and of a control without its rate, it is assumed. */
function isRandomWhenGreedy({ record, rule }: PlannedVariant): boolean {
  return record.accept !== null && rule?.drawsWhenGreedy !== false
}

/** Whether the rounds of every window follow exactly from a recorded pass: the rule says so, and the window does not draft itself. */
function isReplayable({ record, rule }: PlannedVariant, { draftsFromText = false }: DecodingFacts): boolean {
  return record.accept === null || (rule?.replayable === true && !draftsFromText)
}

function passOf({
  variant,
  task,
  seed,
  facts,
  decodings,
}: {
  readonly variant: PlannedVariant
  readonly task: DecodingFacts['tasks'][number]
  readonly seed: number
  readonly facts: DecodingFacts
  readonly decodings: readonly Decoding[]
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
  const accept = rule === undefined ? { ...record.accept, matchRateOf: rates } : rule.spec
  return {
    id: contentId({ ...shared, code: code.decode, accept, gamma: record.gamma, seed: keyed, ruleCode }),
    kind: 'decoded',
    task: task.name,
    seed,
    gamma: record.gamma,
    ...(rule === undefined ? { rateOf } : { rule: rule.spec }),
  }
}
