import type { Diagnosis } from '@dsd-lab/experiments/schema'
import type { RunPage } from '../page-data.ts'
import { element } from './element.ts'
import { brief, fixed, network, percent, typeset } from './number-format.ts'

/** What the run itself says is wrong with its set-up, each with the number that shows it. */
export function diagnoses({ manifest, summary }: RunPage): HTMLElement {
  if (summary.diagnoses.length === 0) {
    return element('p', { class: 'diagnoses-none' }, [
      'No diagnosis applies: the draft is not weak, the links are slow enough to matter, no window is too long and no threshold too loose.',
    ])
  }
  const entries = summary.diagnoses.map((diagnosis) => {
    const variant = manifest.variants.find(({ id }) => id === diagnosis.variant)
    const condition = manifest.conditions.find(({ id }) => id === diagnosis.condition)
    // The command line names a network by its id.
    const message =
      condition === undefined
        ? diagnosis.message
        : diagnosis.message.replaceAll(condition.id, network(condition, manifest.conditions))
    const where = [variant?.label, diagnosis.task, condition && network(condition, manifest.conditions)]
      .filter((part) => part && !message.includes(part))
      .join(' · ')
    return element('li', {}, [
      element('strong', {}, [names[diagnosis.code]]),
      element('span', { class: 'diagnosis-value' }, [numberShown(diagnosis)]),
      element('span', {}, [typeset(message), where === '' ? '' : ` (${where})`]),
    ])
  })
  return element('ul', { class: 'diagnoses', 'aria-label': 'Diagnoses' }, entries)
}

const names = {
  'weak-draft': 'Weak draft',
  'links-too-fast': 'Links too fast to matter',
  'window-too-long': 'Window too long',
  'threshold-too-loose': 'Threshold too loose',
} satisfies Record<Diagnosis['code'], string>

function numberShown({ code, value }: Diagnosis): string {
  if (code === 'threshold-too-loose') return `${fixed(value, 1)} points`
  return Math.abs(value) <= 1 ? percent(value, 0) : brief(value)
}
