import type { Draws } from '../draws.ts'
import type { Plot, Step } from './plot.ts'
import type { Scene } from './scenes/scene.ts'

/** The words that fill the slots of every sentence. */
export interface Slots {
  readonly who: string
  readonly they: string
  readonly other: string
  readonly thing: string
  readonly box: string
}

const LEADS = {
  first: ['First,', 'To begin,', 'At first,', 'To start,', 'We begin:', 'Step one:', ''],
  middle: ['Then', 'Next,', 'After that,', 'Now', 'So', 'From there,', 'Later', 'In the next step', ''],
  last: ['Finally,', 'In the end,', 'Last,', 'At last,', 'To finish,', 'As the last step,', 'Then', ''],
}

const HAPPENS: Record<Step['kind'], readonly string[]> = {
  gain: [
    '{subject} {gets} {b} more',
    '{subject} {gets} {b} {thing}',
    '{b} more {thing} come in',
    'we add {b}',
    '{b} {thing} are added',
    'the count grows by {b}',
    'another {b} are put in',
  ],
  lose: [
    '{subject} {loses} {b} of them',
    '{subject} {loses} {b} {thing}',
    '{b} {thing} go away',
    'we take away {b}',
    '{b} {thing} are gone',
    'the count falls by {b}',
    'we subtract {b}',
  ],
  groups: [
    'we count {a} groups of {b}',
    '{a} times {b} is needed',
    'each of the {a} brings {b}',
    'there are {a} lots of {b} {thing}',
    'we multiply {a} by {b}',
    '{b} {thing} come {a} times',
  ],
  multiply: [
    'the count becomes {b} times as large',
    'we multiply by {b}',
    '{subject} ends up with {b} times as many',
    'it all grows {b} times',
    'the number is taken {b} times',
  ],
}

const EQUATION_LAST = [
  ', so {eq}',
  ', and {eq}',
  ': {eq}',
  ', which gives {eq}',
  ', making {eq}',
  ', and we get {eq}',
  '; {eq}',
  ', that is, {eq}',
]
const EQUATION_FIRST = [
  ', so {state}',
  ', which means {state}',
  '; {state}',
  ', and now {state}',
  ', meaning {state}',
  ', that is, {state}',
  ' and {state}',
  ', as {say}',
  ', because {say}',
  ' since {say}',
]
const STATE = [
  '{subject} {has} {c} {thing}',
  '{subject} {has} {c}',
  'there are {c} {thing}',
  'the total is {c}',
  'that makes {c} {thing}',
  'we have {c} {thing}',
  'the count is {c}',
  '{c} {thing} remain',
]
const GROUP_STATE = [
  'that is {c} {thing}',
  'the {a} groups make {c}',
  'there are {c} {thing} in them',
  'all together {c} {thing}',
  'that comes to {c} {thing}',
  'the groups hold {c} {thing}',
]
const RESTATE = ['Now', 'So', 'At this point', 'That means', 'This way', 'As a result', 'In other words,', 'By now']
const CLOSE = [
  'The answer is {c}.',
  'So the answer is {c}.',
  '{subject} {has} {c} {thing} at the end.',
  'That leaves {c} {thing}.',
  'The final count is {c} {thing}.',
  'We end with {c} {thing}.',
  'There are {c} {thing} in the end.',
  'This gives {c} {thing} in all.',
]
const START = [
  'We start with {c} {thing}.',
  '{subject} {has} {c} {thing} at first.',
  'The story begins with {c} {thing}.',
  'The first number is {c}.',
  'At the start there are {c} {thing}.',
  'Our count begins at {c}.',
]

/** The worked answer: each step with its equation, in phrasing that the question does not determine, ending in `#### n`. */
export function tellAnswer(draws: Draws, scene: Scene, plot: Plot, slots: Slots): string {
  const say = (form: string, numbers: Record<string, string>): string =>
    fill(form, {
      ...slots,
      subject: draws.pick([slots.who, slots.they]),
      has: draws.pick(scene.telling.has),
      gets: draws.pick(scene.telling.gets),
      loses: draws.pick(scene.telling.loses),
      ...numbers,
    })
  const sentences: string[] = []
  if (plot.opening.kind === 'plain' && draws.chance(plot.steps.length === 1 ? 0.9 : 0.3)) {
    sentences.push(say(draws.pick(START), { c: String(plot.opening.n) }))
  }
  plot.steps.forEach((step, index) => {
    const numbers = {
      a: String(step.a),
      b: String(step.b),
      c: String(step.result),
      eq: `${step.a} ${step.op} ${step.b} = ${step.result}`,
    }
    const lead = draws.pick(index === 0 ? LEADS.first : index === plot.steps.length - 1 ? LEADS.last : LEADS.middle)
    const happens = say(draws.pick(HAPPENS[step.kind]), numbers)
    const state = say(draws.pick(step.kind === 'groups' ? GROUP_STATE : STATE), numbers)
    const body = draws.chance(0.5)
      ? `${happens}${fill(draws.pick(EQUATION_LAST), numbers)}`
      : fill(`{eq}${draws.pick(EQUATION_FIRST)}`, { ...numbers, state, say: happens })
    sentences.push(`${lead} ${body}.`)
    if (draws.chance(plot.steps.length <= 2 ? 0.5 : 0.15)) {
      sentences.push(
        `${draws.pick(RESTATE)} ${say(draws.pick(step.kind === 'groups' ? GROUP_STATE : STATE), numbers)}.`,
      )
    }
  })
  sentences.push(say(draws.pick(CLOSE), { c: String(plot.answer) }))
  return `${sentences.map(sentence).join(' ')}\n#### ${plot.answer}`
}

/** Replaces `{slot}`s. An unknown slot is an error of the form, not of the user. */
export function fill(form: string, slots: Readonly<Record<string, string>>): string {
  return form.replace(/\{(\w+)\}/g, (_, slot: string) => {
    const value = slots[slot]
    if (value === undefined) throw new RangeError(`no value for the slot {${slot}} in "${form}"`)
    return value
  })
}

/** Trims and starts with a capital. */
export function sentence(text: string): string {
  const trimmed = text.trim()
  return trimmed.charAt(0).toUpperCase() + trimmed.slice(1)
}
