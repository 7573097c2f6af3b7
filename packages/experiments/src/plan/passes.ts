import { DsdError, type Sampling } from '@dsd-lab/core'
import type { Decoding } from '../store/schema.ts'
import { varies } from './conditions.ts'
import { contentId } from './digest.ts'
import { type DecodingFacts, type Pass, type PlannedTask, passOf } from './pass-of.ts'
import { seedMatters } from './seed-matters.ts'
import type { PlannedVariant } from './variants.ts'

export interface PlannedDecodings {
  readonly decodings: Decoding[]
  readonly passes: Pass[]
}

/** One decoding per variant, task and seed that matters, and the passes that make them, each after those it needs, recorded ones first. */
export function planDecodings(variants: readonly PlannedVariant[], facts: DecodingFacts): PlannedDecodings {
  const decodings: Decoding[] = []
  const passes = new Map<string, Pass>()
  for (const variant of variants) {
    const draftAhead = variants.some((other) => other.record.draftAhead === true && sameText(variant, other))
    for (const task of facts.tasks) {
      for (const seed of seedsOf(variant, facts)) {
        const pass = passOf({ variant, task, seed, facts, decodings, draftAhead })
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
  const { id, gamma, draftAhead } = record
  const content = { variant: id, pass: pass.id, gamma, draftAhead, analysisCode: facts.code.analysis }
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

/** Whether two variants decode the same texts in the same rounds. */
function sameText({ record }: PlannedVariant, { record: other }: PlannedVariant): boolean {
  const [one, two] = [record, other].map(({ gamma, accept, controls }) => JSON.stringify({ gamma, accept, controls }))
  return one === two
}

/** The seeds that can change the tokens; the first stands for all where none can. */
function seedsOf(variant: PlannedVariant, { seeds, sampling }: DecodingFacts): readonly number[] {
  return seedMatters(variant, sampling) ? seeds : seeds.slice(0, 1)
}
