import type { SampledAnswer } from '../page-data.ts'
import { element } from './element.ts'
import { fixed } from './number-format.ts'

export interface TokenTextParts {
  readonly answer: SampledAnswer
  readonly label: string
  /** Mark where the text parts from this one. */
  readonly against: SampledAnswer | undefined
}

/** A text as a list of tokens that pointer and arrow keys walk; what is known of the current one floats beside it. */
export function tokenText({ answer, label, against }: TokenTextParts): HTMLElement {
  const parting =
    against === undefined ? -1 : answer.pieces.findIndex((piece, index) => piece !== against.pieces[index])
  const tokens = answer.pieces.map((_, index) => tokenElement(answer, index, index === parting))
  const note = element('div', { class: 'token-note', 'aria-hidden': 'true', hidden: true })
  const list = element(
    'div',
    {
      class: 'token-list',
      role: 'listbox',
      'aria-label': `Tokens of the answer by ${label}`,
      'aria-orientation': 'horizontal',
    },
    tokens,
  )
  const box = element('div', { class: 'token-text' }, [list, note])
  tokens[0]?.setAttribute('tabindex', '0')

  const describe = (token: HTMLElement): void => {
    const index = tokens.indexOf(token)
    note.replaceChildren(
      ...noteLines(answer, index).map((line, row) =>
        element('p', { class: row === 0 ? 'token-piece' : undefined }, [line]),
      ),
    )
    note.hidden = false
    place({ note, token, box })
  }
  const hide = (): void => {
    note.hidden = true
  }
  const focus = (token: HTMLElement | undefined): void => {
    if (token === undefined) return
    for (const each of tokens) each.setAttribute('tabindex', each === token ? '0' : '-1')
    token.focus()
  }
  const tokenAt = (event: Event): HTMLElement | undefined => tokens.find((token) => token === event.target)

  list.addEventListener('pointerover', (event) => {
    const token = tokenAt(event)
    if (token) describe(token)
  })
  list.addEventListener('pointerleave', hide)
  list.addEventListener('click', (event) => focus(tokenAt(event)))
  list.addEventListener('focusin', (event) => {
    const token = tokenAt(event)
    if (token === undefined) return
    for (const each of tokens) each.setAttribute('aria-selected', String(each === token))
    describe(token)
  })
  list.addEventListener('focusout', hide)
  list.addEventListener('keydown', (event) => {
    const token = tokenAt(event)
    if (token === undefined) return
    if (event.key === 'Escape') hide()
    const next = neighbour({ tokens, token, key: event.key })
    if (next === undefined) return
    event.preventDefault()
    focus(next)
  })
  return box
}

function tokenElement(answer: SampledAnswer, index: number, parts: boolean): HTMLElement {
  const piece = answer.pieces[index] ?? ''
  const origin = answer.origins[index] ?? 'target'
  const importance = answer.importance?.[index] ?? null
  const opensRound = index === 0 || answer.roundOf[index] !== answer.roundOf[index - 1]
  const classes = [
    'token',
    `origin-${origin}`,
    opensRound && 'opens-round',
    parts && 'parts',
    importance !== null && 'scored',
  ]
  const token = element(
    'span',
    {
      role: 'option',
      class: classes.filter(Boolean).join(' '),
      tabindex: -1,
      'aria-selected': 'false',
      'aria-label': noteLines(answer, index).join('; '),
      style: importance === null ? undefined : `--importance: ${importance}`,
    },
    [visible(piece)],
  )
  return token
}

/** What cannot be seen gets a sign; line ends also break the line. */
function visible(piece: string): string {
  if (piece === '') return '∅'
  return piece.replaceAll('\n', '↵\n').replaceAll('\t', '⇥\t')
}

function noteLines(answer: SampledAnswer, index: number): string[] {
  const value = (values: readonly (number | null)[] | null): number | null => values?.[index] ?? null
  const importance = value(answer.importance)
  const entropyNats = value(answer.entropyNats)
  const marginNats = value(answer.marginNats)
  const reasons = answer.reasons?.[index] ?? []
  const measures = [
    entropyNats === null ? '' : `entropy ${fixed(entropyNats)} nats`,
    marginNats === null ? '' : `margin ${fixed(marginNats)} nats`,
  ].filter(Boolean)
  return [
    `“${visible(answer.pieces[index] ?? '').replaceAll('\n', '')}”`,
    `${answer.origins[index] ?? 'target'}, token ${index + 1} of ${answer.pieces.length}, round ${(answer.roundOf[index] ?? 0) + 1}`,
    importance === null
      ? 'importance not scored by this rule'
      : `importance ${fixed(importance)}${reasons.length === 0 ? ', no reason to be strict' : `: ${reasons.join(', ')}`}`,
    ...(measures.length === 0 ? [] : [measures.join(', ')]),
  ]
}

interface Walk {
  readonly tokens: readonly HTMLElement[]
  readonly token: HTMLElement
  readonly key: string
}

/** The token that a key leads to: left and right by order, up and down by place on the page. */
function neighbour({ tokens, token, key }: Walk): HTMLElement | undefined {
  const index = tokens.indexOf(token)
  if (key === 'ArrowRight') return tokens[index + 1]
  if (key === 'ArrowLeft') return tokens[index - 1]
  if (key === 'Home') return tokens[0]
  if (key === 'End') return tokens.at(-1)
  if (key !== 'ArrowDown' && key !== 'ArrowUp') return undefined
  const { top, left } = startOf(token)
  const rows = tokens.filter((other) =>
    key === 'ArrowDown' ? startOf(other).top > top + 4 : startOf(other).top < top - 4,
  )
  const nearest = key === 'ArrowDown' ? rows[0] : rows.at(-1)
  if (nearest === undefined) return undefined
  const row = rows.filter((other) => Math.abs(startOf(other).top - startOf(nearest).top) < 4)
  return row.reduce(
    (best, other) => (Math.abs(startOf(other).left - left) < Math.abs(startOf(best).left - left) ? other : best),
    nearest,
  )
}

/** A token may break over lines: its first box counts. */
function startOf(token: HTMLElement): { top: number; left: number } {
  const { top, left } = token.getClientRects()[0] ?? token.getBoundingClientRect()
  return { top, left }
}

/** Under the token, within the width of the text. */
function place({ note, token, box }: { note: HTMLElement; token: HTMLElement; box: HTMLElement }): void {
  const frame = box.getBoundingClientRect()
  const at = token.getClientRects()[0] ?? token.getBoundingClientRect()
  const left = Math.max(0, Math.min(at.left - frame.left, frame.width - note.offsetWidth))
  note.style.transform = `translate(${left}px, ${at.bottom - frame.top + 8}px)`
}
