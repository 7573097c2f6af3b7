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
