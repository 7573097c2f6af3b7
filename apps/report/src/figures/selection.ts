import type { Condition, Variant } from '@dsd-lab/experiments/schema'
import type { RunPage } from '../page-data.ts'
import { middleCondition, representatives } from '../run/representatives.ts'
import { element } from './element.ts'
import { swatch } from './legend.ts'
import { network } from './number-format.ts'
import { variantStyles } from './variant-style.ts'

/** What the figures below show: one task, one network where a figure shows one, and some variants. */
export interface Selection {
  readonly task: string
  readonly condition: Condition
  readonly variants: readonly Variant[]
}

/** An input in the sense of a notebook's `view`: it has a value and emits `input` when it changes. */
export type SelectionForm = HTMLFormElement & { readonly value: Selection }

/** The controls of a run's page. At first: the first task, the network in the middle of the sweep, one variant an arm. */
export function selectionForm(run: RunPage): SelectionForm {
  const { tasks, conditions, variants } = run.manifest
  const styles = variantStyles(run)
  const preset = new Set(representatives(run.manifest).map(({ id }) => id))
  const [firstCondition] = conditions
  const start = middleCondition(run.manifest) ?? firstCondition
  if (start === undefined) throw new Error('a run has at least one network')
  const task = select({ label: 'Task', options: tasks.map(({ name }) => ({ value: name, text: name })) })
  const condition = select({
    label: 'Network',
    options: conditions.map((each) => ({ value: each.id, text: network(each, conditions) })),
    chosen: start.id,
  })
  const boxes = variants.map((variant) => ({
    variant,
    box: element('input', { type: 'checkbox', name: 'variant', value: variant.id, checked: preset.has(variant.id) }),
  }))
  const choices = boxes.map(({ variant, box }) =>
    element('label', { class: 'choice' }, [box, swatch(styles, variant), variant.label]),
  )
  const form = element('form', { class: 'selection', 'aria-label': 'What the figures show' }, [
    task.label,
    condition.label,
    element('details', {}, [
      element('summary', {}, ['Variants']),
      element('fieldset', {}, [element('legend', {}, ['Variants shown']), ...choices]),
    ]),
  ])
  form.addEventListener('submit', (event) => event.preventDefault())
  const value = (): Selection => ({
    task: task.select.value,
    condition: conditions.find(({ id }) => id === condition.select.value) ?? start,
    variants: boxes.filter(({ box }) => box.checked).map(({ variant }) => variant),
  })
  const selection = Object.assign(form, { value: value() })
  form.addEventListener('input', () => {
    selection.value = value()
  })
  return selection
}

export interface SelectParts {
  readonly label: string
  readonly options: readonly { readonly value: string; readonly text: string }[]
  /** Default: the first option. */
  readonly chosen?: string | undefined
}

/** A labelled menu. Labels are unique on a page. */
export function select({ label, options, chosen }: SelectParts): { label: HTMLElement; select: HTMLSelectElement } {
  const id = `menu-${label.toLowerCase()}`
  const menu = element(
    'select',
    { id },
    options.map(({ value, text }) => element('option', { value, selected: value === chosen }, [text])),
  )
  return { label: element('span', { class: 'menu' }, [element('label', { for: id }, [label]), menu]), select: menu }
}
