import { accuracyNoiseFloor, speedupNoiseFloor } from '../statistics/index.ts'
import type { Summary } from '../store/schema.ts'
import { gradedClusters, isGraded, promptsOf } from './quality.ts'
import { NO_SAMPLE, type RunLookup } from './run-lookup.ts'

/** The noise of the baseline arm: the largest over tasks and networks, of those that have prompts enough. */
export function noiseFloor(lookup: RunLookup): Summary['noiseFloor'] {
  const { manifest } = lookup
  const baseline = manifest.variants.find(({ arm }) => arm === manifest.baseline)
  const tasks = manifest.tasks.map(({ name }) => ({ name, decodings: lookup.decodings(baseline?.id, name) }))
  return {
    speedup: largest(
      tasks.flatMap(({ name }) =>
        manifest.conditions.map(({ id }) =>
          speedupNoiseFloor({ sample: lookup.sample(baseline?.id, name, id) ?? NO_SAMPLE }),
        ),
      ),
    ),
    accuracyPoints: largest(
      tasks
        .filter(({ decodings }) => isGraded(decodings))
        .map(({ decodings }) => accuracyNoiseFloor(gradedClusters(decodings, promptsOf(decodings)))),
    ),
  }
}

function largest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : Math.max(...known)
}
