import type { TokenOrigin } from '@dsd-lab/core'
import type { SampledAnswer } from '../page-data.ts'
import { element } from './element.ts'

const meanings: readonly (readonly [TokenOrigin, string])[] = [
  ['target', 'decoded one by one'],
  ['draft', 'the target agreed'],
  ['relaxed', 'kept against the target’s choice'],
  ['correction', 'the target’s own, for a rejected draft'],
  ['bonus', 'the target’s own, after a whole window'],
]

/** Colour and underline of each origin that occurs. */
export function originLegend(answers: readonly SampledAnswer[]): HTMLElement {
  const occurring = meanings.filter(([origin]) => answers.some(({ origins }) => origins.includes(origin)))
  const entries = occurring.map(([origin, meaning]) =>
    element('li', {}, [element('span', { class: `token origin-${origin}` }, [origin]), meaning]),
  )
  return element('ul', { class: 'legend', 'aria-label': 'Where a token came from' }, entries)
}
