import { availableParallelism } from 'node:os'
import { DsdError } from '@dsd-lab/core'

/** More than these wait for memory, not for arithmetic. */
const MOST_THREADS = 8

/**
 * Waiting threads keep their core this long: enough to bridge the gaps between operators, and gone before a frame is over its link, so that
 * several shards on the same cores do not collapse.
 */
const SPIN_US = 100

export interface ThreadSettings {
  /** That one product may use. */
  readonly threads: number
  /** How long a waiting thread keeps its core before it sleeps. */
  readonly spinUs: number
}

/**
 * `DSD_THREADS`, or a thread for each core up to 8.
 *
 * @throws DsdError when `DSD_THREADS` is no whole number from 1 to 256
 */
export function threadSettings(env: NodeJS.ProcessEnv = process.env): ThreadSettings {
  if (!env.DSD_THREADS) return { threads: Math.min(MOST_THREADS, availableParallelism()), spinUs: SPIN_US }
  const threads = Number(env.DSD_THREADS)
  if (Number.isInteger(threads) && threads >= 1 && threads <= 256) return { threads, spinUs: SPIN_US }
  throw new DsdError(`${env.DSD_THREADS} is no number of threads`, {
    kind: 'bad-input',
    where: 'DSD_THREADS',
    fix: 'give a whole number from 1 to 256',
  })
}
