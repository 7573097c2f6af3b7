import type { Draws } from '../draws.ts'

/** One thing that happens in the story. */
export type Event =
  | { readonly kind: 'gain' | 'lose'; readonly n: number }
  | { readonly kind: 'gainGroups' | 'loseGroups'; readonly k: number; readonly m: number }
  | { readonly kind: 'multiply'; readonly k: number }

export type Opening =
  | { readonly kind: 'plain'; readonly n: number }
  | { readonly kind: 'groups'; readonly k: number; readonly m: number }

/** One line of the working: `a op b = result`. */
export interface Step {
  readonly kind: 'groups' | 'gain' | 'lose' | 'multiply'
  readonly a: number
  readonly op: '+' | '-' | '*'
  readonly b: number
  readonly result: number
}

export interface Plot {
  readonly opening: Opening
  readonly events: readonly Event[]
  readonly steps: readonly Step[]
  readonly answer: number
}

const MOST = 120

/** A story of one to four steps whose every number stays between 2 and 120. */
export function drawPlot(draws: Draws): Plot {
  const wanted = draws.pick([1, 2, 2, 2, 3, 3, 3, 4, 4])
  const grouped = wanted > 1 && draws.chance(0.35)
  const opening: Opening = grouped
    ? { kind: 'groups', k: draws.int(2, 6), m: draws.int(2, 9) }
    : { kind: 'plain', n: draws.int(5, 60) }
  const steps: Step[] = []
  if (opening.kind === 'groups') steps.push(product(opening.k, opening.m))
  let state = opening.kind === 'groups' ? opening.k * opening.m : opening.n
  const events: Event[] = []
  while (steps.length < wanted) {
    const event = drawEvent(draws, state, wanted - steps.length)
    events.push(event)
    for (const step of work(state, event)) {
      steps.push(step)
      if (step.kind !== 'groups') state = step.result
    }
  }
  return { opening, events, steps, answer: state }
}

function drawEvent(draws: Draws, state: number, room: number): Event {
  const kind = draws.pick([
    'gain',
    'gain',
    'gain',
    'lose',
    'lose',
    'lose',
    'gainGroups',
    'loseGroups',
    'multiply',
  ] as const)
  const k = draws.int(2, 6)
  const m = draws.int(2, 9)
  if (kind === 'gainGroups' && room >= 2 && state + k * m <= MOST) return { kind, k, m }
  if (kind === 'loseGroups' && room >= 2 && k * m <= state - 2) return { kind, k, m }
  if (kind === 'multiply' && state <= 30) return { kind, k: draws.int(2, 4) }
  const canLose = state >= 6
  const canGain = state <= MOST - 30
  if (canLose && (kind === 'lose' || !canGain)) return { kind: 'lose', n: draws.int(2, Math.min(30, state - 2)) }
  return { kind: 'gain', n: draws.int(2, 30) }
}

function work(state: number, event: Event): readonly Step[] {
  switch (event.kind) {
    case 'gain':
      return [{ kind: 'gain', a: state, op: '+', b: event.n, result: state + event.n }]
    case 'lose':
      return [{ kind: 'lose', a: state, op: '-', b: event.n, result: state - event.n }]
    case 'multiply':
      return [{ kind: 'multiply', a: state, op: '*', b: event.k, result: state * event.k }]
    case 'gainGroups':
    case 'loseGroups': {
      const group = product(event.k, event.m)
      const after =
        event.kind === 'gainGroups'
          ? ({ kind: 'gain', n: group.result } as const)
          : ({ kind: 'lose', n: group.result } as const)
      return [group, ...work(state, after)]
    }
  }
}

const product = (k: number, m: number): Step => ({ kind: 'groups', a: k, op: '*', b: m, result: k * m })
