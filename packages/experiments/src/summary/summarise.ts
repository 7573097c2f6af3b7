import { accuracyNoiseFloor, type SpeedSample, speedupNoiseFloor } from '../statistics/index.ts'
import {
  type CellResult,
  type DecodingResult,
  type Manifest,
  type Quality,
  RUN_SCHEMA_VERSION,
  type Speed,
  type Summary,
  type Variant,
} from '../store/schema.ts'
import { adjustOverArms } from './adjust-over-arms.ts'
import { diagnose, hiddenSizeOf } from './diagnoses.ts'
import { predictSpeedup } from './prediction.ts'
import { gradedClusters, isGraded, promptsOf, qualityOf } from './quality.ts'
import { speedOf, speedSample } from './speed.ts'
import { tokenTypesOf } from './token-types.ts'

export interface SummaryInput {
  readonly manifest: Manifest
  readonly decodings: readonly DecodingResult[]
  readonly cells: readonly CellResult[]
  /** Largest loss of accuracy that counts as none, percentage points. */
  readonly marginPoints: number
}

/** The estimates of a run, a pure function of its files. */
export function summarise(input: SummaryInput): Summary {
  const { manifest } = input
  const lookup = new Lookup(input)
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

/** Results by what they belong to. */
class Lookup {
  readonly manifest: Manifest
  readonly #decodings: ReadonlyMap<string, DecodingResult[]>
  readonly #cells: ReadonlyMap<string, CellResult[]>
  readonly #samples = new Map<string, SpeedSample>()
  readonly #compared: ReadonlySet<string>
  readonly #columns = new Map<string, readonly number[]>()

  constructor({ manifest, decodings, cells }: SummaryInput) {
    this.manifest = manifest
    this.#compared = new Set(
      manifest.variants.flatMap(({ id, decode, against = '' }) =>
        decode === 'autoregressive' ? [id, against] : [against],
      ),
    )
    this.#decodings = grouped(decodings, ({ decoding }) => `${decoding.variant}/${decoding.task}`)
    this.#cells = grouped(cells, ({ cell }) => `${cell.variant}/${cell.task}/${cell.condition}`)
  }

  decodings(variant: string | undefined, task: string): readonly DecodingResult[] {
    return this.#decodings.get(`${variant}/${task}`) ?? []
  }

  cells(variant: string, task: string, condition: string): readonly CellResult[] {
    return this.#cells.get(`${variant}/${task}/${condition}`) ?? []
  }

  /** Time and tokens per prompt; undefined where there is no such cell. Kept of those that others are laid over. */
  sample(variant: string | undefined, task: string, condition: string): SpeedSample | undefined {
    const key = `${variant}/${task}/${condition}`
    const cells = this.#cells.get(key)
    if (variant === undefined || cells === undefined) return undefined
    const known = this.#samples.get(key)
    if (known !== undefined) return known
    const { ms, tokens } = speedSample(cells, promptsOf(this.decodings(variant, task)))
    const sample = { ms, tokens: this.#column(tokens) }
    if (this.#compared.has(variant)) this.#samples.set(key, sample)
    return sample
  }

  /** One list for all that hold the same: what is resampled once is not resampled for every network. */
  #column(values: readonly number[]): readonly number[] {
    const key = values.join()
    const column = this.#columns.get(key) ?? values
    this.#columns.set(key, column)
    return column
  }
}

function qualityIn({
  lookup,
  variant,
  task,
  marginPoints,
}: {
  readonly lookup: Lookup
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
  readonly lookup: Lookup
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
          : predictSpeedup({ byPosition, gamma: variant.gamma, condition, hiddenSize: hiddenSizeOf(manifest) }),
    }),
  )
}

const NO_SAMPLE: SpeedSample = { ms: [], tokens: [] }

/** What the equations of one window size describe. */
function hasFixedWindow({ models }: Manifest, { decode, window }: Variant): boolean {
  return decode === 'speculative' && window === undefined && models.drafter === undefined
}

/** The largest over tasks and networks. */
function noiseFloor(lookup: Lookup): Summary['noiseFloor'] {
  const { manifest } = lookup
  const baseline = manifest.variants.find(({ arm }) => arm === manifest.baseline)
  const tasks = manifest.tasks.map(({ name }) => ({ name, decodings: lookup.decodings(baseline?.id, name) }))
  return {
    speedup: Math.max(
      ...tasks.flatMap(({ name }) =>
        manifest.conditions.map(({ id }) =>
          speedupNoiseFloor({ sample: lookup.sample(baseline?.id, name, id) ?? NO_SAMPLE }),
        ),
      ),
    ),
    accuracyPoints: largest(
      tasks
        .filter(({ decodings }) => isGraded(decodings))
        .map(({ decodings }) => accuracyNoiseFloor({ clusters: gradedClusters(decodings, promptsOf(decodings)) })),
    ),
  }
}

function largest(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.max(...values)
}

function grouped<T>(list: readonly T[], keyOf: (element: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const element of list) {
    const key = keyOf(element)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [element])
    else group.push(element)
  }
  return groups
}
