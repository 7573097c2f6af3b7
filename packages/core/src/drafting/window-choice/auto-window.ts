import { foreseenChance, tokensPerRound } from '../../latency-model/acceptance.ts'
import { checkGamma } from '../fixed-window.ts'
import type { WindowController, WindowPolicy } from '../window-controller.ts'
import { PositionAcceptance } from './position-acceptance.ts'
import { RoundTimeFit } from './round-time-fit.ts'

export interface WindowChoiceOptions {
  /** Largest window. Integer of at least 0, default 16. */
  readonly maxGamma?: number
  /** Window of the rounds before anything is known. Integer from 0 to `maxGamma`, default 4. */
  readonly firstGamma?: number
}

/** A longer or shorter window has to promise so much more before the window is changed. */
const HYSTERESIS = 0.01
/** Every so many rounds the window is longer than what is thought best, to learn what lies behind it. */
export const PROBE_EVERY = 16
const PROBE_STEP = 2
/** After a change of the network every other window is of another size, so that the cost of a row shows. */
const ROUNDS_TO_EXPLORE = 8
const EXPLORE_STEP = 3

/**
 * Chooses the window that promises the most committed tokens over time, `E(g) / T(g)`: acceptance by position as measured, and the time of a
 * round as fitted to the rounds seen; a ratio of expectations. Texts of one policy learn from each other: make a new policy where
 * they must not. Where drafts are made ahead, which the rounds tell, the time of a round is what that leaves of it. Under a rule whose
 * text does not depend on the drafts (`greedy`, `coupled`) no choice changes a token.
 *
 * @throws DsdError `bad-input` when a window is not an integer of at least 0.
 */
export function autoWindow({
  maxGamma = 16,
  firstGamma = Math.min(4, maxGamma),
}: WindowChoiceOptions = {}): WindowPolicy {
  checkGamma(maxGamma)
  checkGamma(firstGamma)
  const knowledge = new Knowledge(maxGamma, Math.min(firstGamma, maxGamma))
  return () => knowledge.controller()
}

/** What all texts of a policy have taught. */
class Knowledge {
  readonly #maxGamma: number
  readonly #acceptance: PositionAcceptance
  readonly #time = new RoundTimeFit()
  #gamma: number
  #rounds = 0

  constructor(maxGamma: number, firstGamma: number) {
    this.#maxGamma = maxGamma
    this.#gamma = firstGamma
    this.#acceptance = new PositionAcceptance({ maxGamma })
  }

  controller(): WindowController {
    return {
      name: `auto(${this.#maxGamma})`,
      plan: () => ({ gamma: this.#plan() }),
      observe: (round) => {
        this.#rounds++
        this.#acceptance.observe(round.rows - round.forced - 1, round.accepted)
        this.#time.observe(round)
        if (this.#time.known) this.#gamma = this.#best()
      },
    }
  }

  #plan(): number {
    const { roundsSinceChange } = this.#time
    if (roundsSinceChange < ROUNDS_TO_EXPLORE && roundsSinceChange % 2 === 0) {
      return Math.min(
        this.#gamma > EXPLORE_STEP ? this.#gamma - EXPLORE_STEP : this.#gamma + EXPLORE_STEP,
        this.#maxGamma,
      )
    }
    const probes = this.#rounds > 0 && this.#rounds % PROBE_EVERY === 0
    return probes ? Math.min(this.#gamma + PROBE_STEP, this.#maxGamma) : this.#gamma
  }

  #best(): number {
    const rates = this.#acceptance.rates()
    const promise = (gamma: number): number =>
      tokensPerRound(rates, gamma) / this.#time.roundMs(gamma, foreseenChance(rates, gamma))
    let best = this.#gamma
    let most = promise(best) * (1 + HYSTERESIS)
    for (let gamma = 0; gamma <= this.#maxGamma; gamma++) {
      if (promise(gamma) > most) {
        best = gamma
        most = promise(gamma)
      }
    }
    return best
  }
}
