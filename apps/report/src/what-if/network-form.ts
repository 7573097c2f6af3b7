import type { Condition } from '@dsd-lab/experiments/schema'
import { element } from '../figures/element.ts'
import { fixed, spoken } from '../figures/number-format.ts'
import { select } from '../figures/selection.ts'
import { MOST_DRAFTS } from './replayed-windows.ts'

/** The network, the machines and the window that are asked about. */
export interface Question {
  readonly task: string
  readonly nodes: number
  readonly latencyMs: number
  readonly jitterMs: number
  /** Undefined: not limited. */
  readonly bandwidthMbps: number | undefined
  /** Share of frames sent twice. */
  readonly loss: number
  /** Of the whole chain, split evenly over its nodes. */
  readonly baseMs: number
  readonly perRowMs: number
  readonly draftStepMs: number
  readonly gamma: number | 'auto'
  /** Draft the next window while one travels. */
  readonly draftAhead: boolean
}

/** An input in the sense of a notebook's `view`. */
export type NetworkForm = HTMLFormElement & { readonly value: Question }

interface Slider {
  readonly name: Exclude<keyof Question, 'task' | 'draftAhead'>
  readonly label: string
  /** Value of each stop; the slider moves over stops. */
  readonly stops: readonly number[]
  readonly start: number
  readonly text: (value: number) => string
}

const UNLIMITED = Number.POSITIVE_INFINITY
const ms = (value: number): string => `${spoken(value)} ms`
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index)
const times = [0, 0.1, 0.2, 0.5, 1, 2, 3, 5, 7, 10, 15, 20, 30, 40, 50, 70, 100, 150, 200, 300, 500, 1000]

/** Shares of a node with an even one at speed 1 that the whole chain takes: its nodes, unless they were declared one by one. */
function evenShares({ nodes, placement }: Condition): number {
  if (placement === undefined) return nodes
  const layers = placement.at(-1)?.layers.to ?? 1
  return placement.reduce((sum, { layers: { from, to }, speed }) => sum + ((to - from) * nodes) / layers / speed, 0)
}

/** Sliders that start at a network of the run. */
export function networkForm({
  tasks,
  start,
}: {
  readonly tasks: readonly string[]
  readonly start: Condition
}): NetworkForm {
  const { nodes, link, compute } = start
  const shares = evenShares(start)
  const sliders: readonly Slider[] = [
    { name: 'nodes', label: 'Nodes', stops: [...range(1, 16), 24, 32, 48, 64], start: nodes, text: String },
    { name: 'latencyMs', label: 'Link latency, one way', stops: times, start: link.latencyMs, text: ms },
    { name: 'jitterMs', label: 'Jitter, at most', stops: times, start: link.jitterMs, text: ms },
    {
      name: 'bandwidthMbps',
      label: 'Bandwidth',
      stops: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, UNLIMITED],
      start: link.bandwidthMbps ?? UNLIMITED,
      text: (value) => (value === UNLIMITED ? 'not limited' : `${fixed(value, 0)} Mbit/s`),
    },
    {
      name: 'loss',
      label: 'Frames lost',
      stops: [0, 0.001, 0.005, 0.01, 0.02, 0.05, 0.1],
      start: link.loss,
      text: (value) => `${spoken(100 * value)} %`,
    },
    { name: 'baseMs', label: 'Target, a pass', stops: times, start: shares * compute.baseMs, text: ms },
    { name: 'perRowMs', label: 'Target, a row more', stops: times, start: shares * compute.perRowMs, text: ms },
    { name: 'draftStepMs', label: 'Draft model, a step', stops: times, start: compute.draftStepMs, text: ms },
    {
      name: 'gamma',
      label: 'Window',
      stops: [...range(1, MOST_DRAFTS), 0],
      start: 4,
      text: (value) => (value === 0 ? 'chosen on the way' : `${value} ${value === 1 ? 'draft' : 'drafts'}`),
    },
  ]
  const task = select({ label: 'Task', options: tasks.map((name) => ({ value: name, text: name })) })
  const controls = sliders.map(sliderControl)
  const ahead = element('input', { id: 'draft-ahead', name: 'draftAhead', type: 'checkbox' })
  const form = element('form', { class: 'selection what-if', 'aria-label': 'Network, machines and window' }, [
    task.label,
    ...controls.map(({ label }) => label),
    element('label', { class: 'checkbox', for: 'draft-ahead' }, [ahead, 'Draft ahead, while a window travels']),
  ])
  form.addEventListener('submit', (event) => event.preventDefault())
  const value = (): Question => {
    const at = new Map(controls.map(({ slider, read }) => [slider.name, read()]))
    const number = (name: Slider['name']): number => at.get(name) ?? 0
    return {
      task: task.select.value,
      nodes: number('nodes'),
      latencyMs: number('latencyMs'),
      // A frame cannot arrive before it was sent.
      jitterMs: Math.min(number('jitterMs'), number('latencyMs')),
      bandwidthMbps: number('bandwidthMbps') === UNLIMITED ? undefined : number('bandwidthMbps'),
      loss: number('loss'),
      baseMs: number('baseMs'),
      perRowMs: number('perRowMs'),
      draftStepMs: number('draftStepMs'),
      gamma: number('gamma') === 0 ? 'auto' : number('gamma'),
      draftAhead: ahead.checked,
    }
  }
  const question = Object.assign(form, { value: value() })
  form.addEventListener('input', () => {
    question.value = value()
  })
  return question
}

interface Control {
  readonly slider: Slider
  readonly label: HTMLElement
  readonly read: () => number
}

/** The value that the run itself has is a stop of its own. */
function sliderControl(slider: Slider): Control {
  const { name, label, start, text } = slider
  const stops = slider.stops.includes(start) ? slider.stops : [...slider.stops, start].sort((a, b) => a - b)
  const id = `slider-${name}`
  const input = element('input', {
    id,
    name,
    type: 'range',
    min: 0,
    max: stops.length - 1,
    step: 1,
    value: stops.indexOf(start),
  })
  const read = (): number => stops[Number(input.value)] ?? start
  const shown = element('output', { for: id }, [text(read())])
  const tell = (): void => {
    shown.textContent = text(read())
    input.setAttribute('aria-valuetext', text(read()))
  }
  tell()
  input.addEventListener('input', tell)
  const title = element('label', { for: id }, [label])
  return { slider, read, label: element('span', { class: 'slider' }, [title, input, shown]) }
}
