import { type Draws, fnv1a } from '../draws.ts'
import type { Split } from '../task-item.ts'
import { STEPS } from './steps/index.ts'
import type { Flow, ProgramStep } from './steps/step.ts'

/** The steps of one program, in order; the flow types fit. */
export interface Pipeline {
  readonly from: 'numbers' | 'words'
  readonly steps: readonly ProgramStep[]
  /** The operations, without constants. */
  readonly signature: string
}

/** One to three steps. Every fourth pipeline of two or three steps is kept for the held-out split. */
export function drawPipeline(draws: Draws, split: Split): Pipeline {
  for (;;) {
    const pipeline = anyPipeline(draws)
    if (pipeline.steps.length === 1 || isReserved(pipeline.signature) === (split === 'heldout')) return pipeline
  }
}

export const isReserved = (signature: string): boolean => fnv1a(signature) % 4 === 0

function anyPipeline(draws: Draws): Pipeline {
  const from = draws.pick(['numbers', 'numbers', 'numbers', 'words', 'words'] as const)
  const length = draws.pick([1, 2, 2, 2, 3, 3, 3, 3, 3, 3])
  const steps: ProgramStep[] = []
  let flow: Flow = from
  while (steps.length < length && (flow === 'numbers' || flow === 'words')) {
    const last = steps.length === length - 1
    const makers = last && draws.chance(0.6) ? STEPS[flow].last : STEPS[flow].anywhere
    const step: ProgramStep = draws.pick(makers)(draws)
    if (steps.some((earlier) => earlier.id === step.id)) continue
    steps.push(step)
    flow = step.to
  }
  return { from, steps, signature: steps.map((step) => step.id).join(' > ') }
}
