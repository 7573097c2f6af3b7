import type { Proposal } from './coordinator-effects.ts'
import type { RoundId, WindowFrame } from './frames/frame.ts'
import type { Ledger } from './ledger.ts'
import { planWindows } from './window-plan.ts'

export interface WindowNumbersOptions {
  readonly gen: number
  readonly session: number
  readonly term: number
  /** The OPEN section. */
  readonly open: Uint8Array
  /** Largest number of rows in one window. */
  readonly maxRows: number
}

/** Epochs and sequence numbers of one text's windows: no two windows of it share both. */
export class WindowNumbers {
  /** First position that the next windows replay. */
  replayFrom = 0
  readonly #options: WindowNumbersOptions
  readonly #ledger: Ledger
  #epoch = -1
  #seq = 0
  #fresh = true

  constructor(options: WindowNumbersOptions, ledger: Ledger) {
    this.#options = options
    this.#ledger = ledger
  }

  /** Epoch of the next windows after `openEpoch`. */
  get nextEpoch(): number {
    return this.#epoch + 1
  }

  /** The next windows open an epoch: nodes forget what they hold of the rows behind. */
  openEpoch(): void {
    this.#fresh = true
  }

  /** The windows of a round, numbered. */
  plan({ drafted, laws }: Proposal): WindowFrame[] {
    const { maxRows, open } = this.#options
    const epoch = this.#fresh ? this.nextEpoch : this.#epoch
    const windows = planWindows({
      ledger: this.#ledger,
      drafted,
      laws,
      maxRows,
      replayFrom: this.replayFrom,
      newEpoch: this.#fresh,
      open: this.replayFrom === 0 ? open : undefined,
      first: this.id({ epoch, seq: this.#seq }),
    })
    this.#epoch = epoch
    this.#fresh = false
    this.#seq += windows.length
    return windows
  }

  /** What a frame of this moment is called, but for what is given. */
  id(given: Partial<RoundId> = {}): RoundId {
    const { gen, session, term } = this.#options
    return { gen, session, term, epoch: Math.max(this.#epoch, 0), seq: this.#seq, ...given }
  }
}
