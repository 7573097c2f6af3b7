import type { RunPage } from '../page-data.ts'
import { element } from './element.ts'

/** Leads to the page that replays the recorded texts elsewhere; says why there is none. */
export function whatIfLink({ whatIf }: RunPage): HTMLElement {
  if (whatIf === null) {
    return element('p', { class: 'aside' }, [
      'No texts were recorded with what a draft model says along them, so no other network can be tried here.',
    ])
  }
  return element('p', { class: 'aside' }, [
    element('a', { href: whatIf }, ['What if the network were another?']),
    ' Sliders replay the recorded texts on nodes, links and machines that this run did not try.',
  ])
}
