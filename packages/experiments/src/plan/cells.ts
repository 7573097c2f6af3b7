import type { Cell, Condition, Decoding } from '../store/schema.ts'
import { varies } from './conditions.ts'
import { contentId } from './digest.ts'

/**
 * Every decoding on every network. Links that vary (jitter, loss) are drawn anew for every seed, so a decoding that serves all
 * seeds is then timed once for each.
 */
export function planCells({
  decodings,
  conditions,
  seeds,
  analysisCode,
}: {
  readonly decodings: readonly Decoding[]
  readonly conditions: readonly Condition[]
  readonly seeds: readonly number[]
  readonly analysisCode: string
}): Cell[] {
  return decodings.flatMap((decoding) => {
    const servesAllSeeds = !decodings.some(
      (other) => other.variant === decoding.variant && other.task === decoding.task && other.seed !== decoding.seed,
    )
    const laidOn = conditions.filter(({ id }) => decoding.condition === undefined || decoding.condition === id)
    return laidOn.flatMap((condition) => {
      const timed = servesAllSeeds && varies(condition) ? seeds : [decoding.seed]
      return timed.map((seed) => {
        const { id: _, ...network } = condition
        const id = contentId({ decoding: decoding.id, network, seed: varies(condition) ? seed : null, analysisCode })
        return {
          id,
          variant: decoding.variant,
          task: decoding.task,
          seed,
          condition: condition.id,
          decoding: decoding.id,
        }
      })
    })
  })
}
