import { element } from '../figures/element.ts'
import { brief, bytes, fixed, interval, times } from '../figures/number-format.ts'
import type { WhatIfPage } from '../page-data.ts'
import type { Reply } from './ask.ts'

/** What the page asks, and of which run. */
export function whatIfHeader({ runId, title, models, tasks }: WhatIfPage): HTMLElement {
  const texts = tasks.map(({ task, answers }) => `${answers.length} texts of ${task}`).join(' and ')
  return element('header', { class: 'run-header' }, [
    element('p', { class: 'kicker' }, [`${runId}, what if`]),
    element('h1', {}, ['What would it be on another network?']),
    element('p', { class: 'dek' }, [`${models}: ${texts}, recorded for “${title}” and replayed here.`]),
  ])
}

/** The answer in four numbers. */
export function whatIfHeadline({ chosen, plain, best, texts, recorded, replayMs, question }: Reply): HTMLElement {
  const window = chosen.gamma === 'auto' ? 'a window chosen on the way' : `windows of ${chosen.gamma}`
  const numbers = [
    {
      label: `Speed-up of ${window}`,
      value: times(chosen.speedup.estimate),
      note: `${interval(chosen.speedup, fixed)}, over plain decoding of the same texts`,
    },
    {
      label: 'Time a token',
      value: `${brief(chosen.msPerToken)} ms`,
      note: `plain decoding ${brief(plain.msPerToken)} ms`,
    },
    { label: 'Tokens a round', value: fixed(chosen.tokensPerRound), note: 'plain decoding 1' },
    {
      label: 'Bytes a token',
      value: bytes(chosen.bytesPerToken),
      note: `plain decoding ${bytes(plain.bytesPerToken)}`,
    },
  ]
  const advice =
    best.gamma === 0
      ? 'No window is faster than plain decoding here.'
      : `The best fixed window here is ${best.gamma}, ${times(best.speedup.estimate)} ${interval(best.speedup, fixed)}, chosen on these very texts.`
  return element('section', { class: 'headline four', 'aria-label': 'Answer' }, [
    element(
      'dl',
      {},
      numbers.map(({ label, value, note }) =>
        element('div', {}, [
          element('dt', {}, [label]),
          element('dd', {}, [element('span', { class: 'big' }, [value]), element('span', { class: 'note' }, [note])]),
        ]),
      ),
    ),
    element('p', { class: 'definition', role: 'status' }, [
      `${advice} ${question.task}, the first ${texts} of ${recorded} recorded texts, replayed in ${fixed(replayMs, 0)} ms.`,
    ]),
  ])
}
