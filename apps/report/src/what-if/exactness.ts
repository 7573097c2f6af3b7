import { element } from '../figures/element.ts'
import type { WhatIfPage } from '../page-data.ts'

const exact = [
  'Tokens, drafts kept, rounds: under a lossless rule the text and the drafts along it do not depend on the network or the window.',
  'Bytes: those of the frames that the protocol sends, the session’s opening included.',
  'Times, given the network and the machines of the sliders: to the microsecond those of the virtual clock of a run that declares them.',
]
const inexact = [
  'That a pass takes a fixed time and the same more for every row: fitted to one machine where the run measured it, declared where not.',
  'That drafting ahead takes nothing from the target: the draft model has a processor of its own.',
  'That nothing else travels on the links: no other request, no retries of a transport below the frames.',
  'That other prompts are drafted as well as these: the intervals are over the texts that were replayed.',
  'Rules that keep what the target would not have said change the text, and are not replayed here.',
]

/** Which values are exact, and which are not. */
export function exactness({ runId }: WhatIfPage): HTMLElement {
  return element('section', { class: 'exactness' }, [
    element('h3', {}, ['Exact']),
    list(exact),
    element('h3', {}, ['Not exact']),
    list(inexact),
    element('p', {}, [element('a', { href: `${runId}.html` }, ['The run that these texts come from'])]),
  ])
}

function list(sentences: readonly string[]): HTMLElement {
  return element(
    'ul',
    {},
    sentences.map((sentence) => element('li', {}, [sentence])),
  )
}
