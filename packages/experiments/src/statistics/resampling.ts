import { PURPOSE, uniformField } from '@dsd-lab/core'

/** How resamples are drawn. */
export interface Resampling {
  /** Number of resamples; defaults to 2000. */
  readonly resamples?: number
  /** Two seeds give independent resamples; a non-negative safe integer, defaults to 0. */
  readonly seed?: number
}

/** How often each cluster is drawn in each resample; every row sums to `clusters`. `[resamples, clusters]` */
export function resampledCounts({
  clusters,
  resamples = 2000,
  seed = 0,
}: Resampling & { readonly clusters: number }): Uint16Array {
  const key = `${clusters}/${resamples}/${seed}`
  const known = drawn.get(key)
  if (known !== undefined) return known
  const counts = new Uint16Array(resamples * clusters)
  for (let resample = 0; resample < resamples; resample++) {
    const field = uniformField({ seed, purpose: PURPOSE.WORKLOAD, sequence: clusters, position: resample })
    for (let draw = 0; draw < clusters; draw++) {
      const at = resample * clusters + Math.floor(field.at(draw) * clusters)
      counts[at] = (counts[at] ?? 0) + 1
    }
  }
  if (drawn.size >= KEPT_MATRICES) drawn.clear()
  drawn.set(key, counts)
  return counts
}

const KEPT_MATRICES = 8
// The same few matrices serve every estimate of a run; they are a pure function of the key.
const drawn = new Map<string, Uint16Array>()

/** Total of a column in each resample; kept as long as the column is, since a sweep lays the same few over each other. `[resamples]` */
export function resampledTotals(
  column: readonly number[],
  resampling: Resampling & { readonly clusters: number },
): Float64Array {
  const { clusters, resamples = 2000, seed = 0 } = resampling
  const key = `${clusters}/${resamples}/${seed}`
  const known = totalled.get(column)?.get(key)
  if (known !== undefined) return known
  const counts = resampledCounts(resampling)
  const totals = new Float64Array(resamples)
  const values = Float64Array.from(column)
  for (let resample = 0; resample < resamples; resample++) {
    const from = resample * clusters
    let total = 0
    for (let cluster = 0; cluster < clusters; cluster++) total += (counts[from + cluster] ?? 0) * (values[cluster] ?? 0)
    totals[resample] = total
  }
  totalled.set(column, new Map(totalled.get(column)).set(key, totals))
  return totals
}

const totalled = new WeakMap<readonly number[], Map<string, Float64Array>>()
