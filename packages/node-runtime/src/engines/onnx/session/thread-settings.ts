import { availableParallelism } from 'node:os'
import { DsdError } from '@dsd-lab/core'
import { allowedCores } from './allowed-cores.ts'

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
  /**
   * Core of each thread but the calling one, `[threads - 1]`; empty: wherever the system puts them. A system that wakes two threads on one
   * core leaves them there for tens of milliseconds: after a pause, a pass of two threads took 3.9 ms, and 2.4 ms with their own cores.
   */
  readonly cores: readonly number[]
}

/**
 * `DSD_THREADS`, or a thread for each core up to 8. Only where there is a thread for every core each has its own: fewer would crowd on the
 * first cores when several shards share a machine.
 *
 * @throws DsdError when `DSD_THREADS` is no whole number from 1 to 256
 */
export function threadSettings(env: NodeJS.ProcessEnv = process.env): ThreadSettings {
  const threads = threadCount(env)
  const allowed = allowedCores()
  return { threads, spinUs: SPIN_US, cores: allowed.length === threads ? allowed.slice(1) : [] }
}

function threadCount(env: NodeJS.ProcessEnv): number {
  if (!env.DSD_THREADS) return Math.min(MOST_THREADS, availableParallelism())
  const threads = Number(env.DSD_THREADS)
  if (Number.isInteger(threads) && threads >= 1 && threads <= 256) return threads
  throw new DsdError(`${env.DSD_THREADS} is no number of threads`, {
    kind: 'bad-input',
    where: 'DSD_THREADS',
    fix: 'give a whole number from 1 to 256',
  })
}
