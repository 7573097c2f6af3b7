import type { RunPage, SampledAnswer, SampledItem } from '../page-data.ts'
import { representatives } from '../run/representatives.ts'
import { element } from './element.ts'
import { absence } from './frame.ts'
import { select } from './selection.ts'
import { originLegend } from './token-origin.ts'
import { tokenText } from './token-text.ts'

/** Answers token by token: where each came from, how important it counted, and why. Two variants side by side. */
export function tokenView(run: RunPage, { task }: { readonly task: string }): HTMLElement {
  const id = 'tokens'
  const title = 'Answers, token by token'
  const items = run.answers.filter((sampled) => sampled.task === task)
  const [firstItem] = items
  if (firstItem === undefined) return absence({ id, title, reason: `The run holds no decoded text of ${task}.` })
  const labels = new Map(run.manifest.variants.map((variant) => [variant.id, variant.label]))
  const labelOf = (variant: string): string => labels.get(variant) ?? variant
  const options = firstItem.answers.map(({ variant }) => ({ value: variant, text: labelOf(variant) }))
  const [left, right] = presetPair(run, firstItem)
  const menus = {
    item: select({
      label: 'Item',
      options: items.map(({ item, answers }) => ({ value: item, text: describeItem(item, answers) })),
      chosen: tellingItem(items, [left, right]),
    }),
    left: select({ label: 'Variant', options, chosen: left }),
    right: select({ label: 'beside', options: [{ value: '', text: 'nothing' }, ...options], chosen: right }),
  }
  const prompt = element('blockquote', { class: 'prompt', 'aria-label': 'Prompt' })
  const panels = element('div', { class: 'token-panels' })
  const show = (): void => {
    const item = items.find((sampled) => sampled.item === menus.item.select.value) ?? firstItem
    const answer = (variant: string): SampledAnswer | undefined => item.answers.find((each) => each.variant === variant)
    const shown = [menus.left, menus.right].flatMap((menu) => answer(menu.select.value) ?? [])
    prompt.textContent = item.prompt.trim()
    panels.replaceChildren(
      ...shown.map((each, index) =>
        tokenPanel({ answer: each, label: labelOf(each.variant), against: index === 0 ? undefined : shown[0] }),
      ),
    )
  }
  for (const { select: menu } of Object.values(menus)) menu.addEventListener('input', show)
  show()
  const file = `${run.data}/manifest.json`
  return element('figure', { id: `figure-${id}`, class: 'figure tokens' }, [
    element('h3', {}, [title]),
    element('div', { class: 'selection' }, [menus.item.label, menus.left.label, menus.right.label]),
    prompt,
    originLegend(firstItem.answers),
    panels,
    element('figcaption', {}, [
      `${items.length} sampled items of ${task}, first those on which the variants’ grades or texts part. Colour and underline: where the token came from; the bar above it: its importance in [0, 1], where the rule scores. ` +
        'A thin rule opens each round; ‖ marks where the second text parts from the first. Hover, or focus the text and use the arrow keys, to read why. ',
      element('span', { class: 'sources' }, [
        'Drawn from ',
        element('a', { href: answersLink(items), download: `tokens-${task}.json` }, ['these answers (json)']),
        ' · ',
        element('a', { href: file }, ['manifest.json']),
      ]),
    ]),
  ])
}

/** The baseline, and the first variant that relaxes, where the run has both. */
function presetPair({ manifest }: RunPage, { answers }: SampledItem): [string | undefined, string | undefined] {
  const offered = representatives(manifest).filter(({ id }) => answers.some(({ variant }) => variant === id))
  const baseline = offered.find(({ arm }) => arm === manifest.baseline) ?? offered[0]
  const rival =
    offered.find(({ lossless, controls }) => !lossless && controls === undefined) ??
    offered.find((each) => each !== baseline)
  return [baseline?.id, rival?.id]
}

/** The first item that the two variants grade differently, else one that they word differently. */
function tellingItem(items: readonly SampledItem[], pair: readonly (string | undefined)[]): string | undefined {
  const differs = (of: (answer: SampledAnswer) => unknown): SampledItem | undefined =>
    items.find(({ answers }) => new Set(answers.filter(({ variant }) => pair.includes(variant)).map(of)).size > 1)
  return (differs(({ correct }) => correct) ?? differs(({ pieces }) => pieces.join('')))?.item
}

function describeItem(item: string, answers: readonly SampledAnswer[]): string {
  if (answers.every(({ correct }) => correct === null)) return item
  const wrong = answers.filter(({ correct }) => !correct).length
  return wrong === 0
    ? `${item}: all right`
    : wrong === answers.length
      ? `${item}: all wrong`
      : `${item}: ${wrong} of ${answers.length} wrong`
}

const answersLink = (items: readonly SampledItem[]): string =>
  `data:application/json;charset=utf-8,${encodeURIComponent(JSON.stringify(items))}`

interface PanelParts {
  readonly answer: SampledAnswer
  readonly label: string
  readonly against: SampledAnswer | undefined
}

function tokenPanel({ answer, label, against }: PanelParts): HTMLElement {
  const { correct, reason, tokens, rounds } = answer
  const grade =
    correct === null
      ? []
      : [element('span', { class: correct ? 'grade right' : 'grade wrong' }, [correct ? 'right' : 'wrong']), ' ']
  return element('section', { class: 'token-panel', 'aria-label': label }, [
    element('p', { class: 'panel-title' }, [
      label,
      element('span', { class: 'aside' }, [`${tokens.length} tokens, ${rounds} rounds`]),
    ]),
    tokenText({ answer, label, against }),
    element('p', { class: 'verdict' }, [...grade, reason]),
  ])
}
