import {
  type Manifest,
  type Quality,
  RUN_SCHEMA_VERSION,
  type Speed,
  type Summary,
  type Variant,
} from '../store/schema.ts'
import { adjustOverArms } from './adjust-over-arms.ts'
import { diagnose, hiddenSizeOf } from './diagnoses.ts'
import { noiseFloor } from './noise-floor.ts'
import { predictSpeedup } from './prediction.ts'
import { promptsOf, qualityOf } from './quality.ts'
import { NO_SAMPLE, RunLookup, type RunResults } from './run-lookup.ts'
import { speedOf } from './speed.ts'
import { tokenTypesOf } from './token-types.ts'

export interface SummaryInput extends RunResults {
  /** Largest loss of accuracy that counts as none, percentage points. */
  readonly marginPoints: number
}

/** The estimates of a run, a pure function of its files. */
export function summarise(input: SummaryInput): Summary {
  const { manifest } = input
  const lookup = new RunLookup(input)
  const quality = manifest.tasks.flatMap(({ name: task }) =>
    adjustOverArms(
      manifest.variants,
      manifest.variants.map((variant) => qualityIn({ lookup, variant, task, marginPoints: input.marginPoints })),
    ),
  )
  const speed = manifest.tasks.flatMap(({ name: task }) =>
    manifest.variants.flatMap((variant) => speedsIn({ lookup, variant, task, quality })),
  )
  return {
    schema: RUN_SCHEMA_VERSION,
    runId: manifest.runId,
    title: manifest.title,
    baseline: manifest.baseline,
    quality,
    speed,
    noiseFloor: noiseFloor(lookup),
    diagnoses: diagnose(manifest, quality),
    tokenTypes: manifest.tasks.flatMap(({ name: task }) =>
      manifest.variants.flatMap(({ id: variant }) => {
        const decodings = lookup.decodings(variant, task)
        return tokenTypesOf({ variant, task, decodings, prompts: promptsOf(decodings) })
      }),
    ),
  }
}

function qualityIn({
  lookup,
  variant,
  task,
  marginPoints,
}: {
  readonly lookup: RunLookup
  readonly variant: Variant
  readonly task: string
  readonly marginPoints: number
}): Quality {
  const baseline = lookup.decodings(variant.against, task)
  return qualityOf({ variant, task, decodings: lookup.decodings(variant.id, task), baseline, marginPoints })
}

function speedsIn({
  lookup,
  variant,
  task,
  quality,
}: {
  readonly lookup: RunLookup
  readonly variant: Variant
  readonly task: string
  readonly quality: readonly Quality[]
}): Speed[] {
  const { manifest } = lookup
  const plain = manifest.variants.find(({ decode }) => decode === 'autoregressive')
  const byPosition = quality.find((one) => one.variant === variant.id && one.task === task)?.byPosition
  return manifest.conditions.map((condition) =>
    speedOf({
      variant,
      task,
      condition,
      cells: lookup.cells(variant.id, task, condition.id),
      sample: lookup.sample(variant.id, task, condition.id) ?? NO_SAMPLE,
      autoregressive: plain?.id === variant.id ? undefined : lookup.sample(plain?.id, task, condition.id),
      baseline: lookup.sample(variant.against, task, condition.id),
      predicted:
        !hasFixedWindow(manifest, variant) || byPosition === undefined
          ? null
          : predictSpeedup({
              byPosition,
              gamma: variant.gamma,
              draftAhead: variant.draftAhead ?? false,
              condition,
              hiddenSize: hiddenSizeOf(manifest),
            }),
    }),
  )
}

/** What the equations of one window size describe. */
function hasFixedWindow({ models }: Manifest, { decode, window }: Variant): boolean {
  return decode === 'speculative' && window === undefined && models.drafter === undefined
}
