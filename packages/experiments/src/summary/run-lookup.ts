import type { SpeedSample } from '../statistics/index.ts'
import type { CellResult, DecodingResult, Manifest } from '../store/schema.ts'
import { promptsOf } from './quality.ts'
import { speedSample } from './speed.ts'

export interface RunResults {
  readonly manifest: Manifest
  readonly decodings: readonly DecodingResult[]
  readonly cells: readonly CellResult[]
}

/** Of a cell that was not timed. */
export const NO_SAMPLE: SpeedSample = { ms: [], tokens: [] }

/** Results by what they belong to. */
export class RunLookup {
  readonly manifest: Manifest
  readonly #decodings: ReadonlyMap<string, DecodingResult[]>
  readonly #cells: ReadonlyMap<string, CellResult[]>
  readonly #samples = new Map<string, SpeedSample>()
  readonly #compared: ReadonlySet<string>
  readonly #columns = new Map<string, readonly number[]>()

  constructor({ manifest, decodings, cells }: RunResults) {
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
