import { csvText, type DataTable, tableElement } from './data-table.ts'
import { type Child, element } from './element.ts'

/** A file of the run folder under another name. */
export interface Source {
  readonly file: string
  readonly label: string
}

export interface FigureParts<Row> {
  /** Anchor of the figure and name of its CSV file. */
  readonly id: string
  readonly title: string
  /** One line: what is shown, n, how the intervals were made, which clock. */
  readonly caption: string
  readonly legend?: Element
  /** Draws at a width in px; called again when the width changes. */
  draw(width: number): Element
  /** The numbers behind the marks. Every figure has them. */
  readonly table: DataTable<Row>
  /** Default `beside`: next to the plot where the page is wide. */
  readonly tablePlace?: 'beside' | 'below'
  /** Run files that the figure was drawn from; the manifest is always named. */
  readonly sources: readonly (string | Source)[]
  /** Folder of the run's files relative to the page. */
  readonly data: string
}

/** A numbered figure: plot, table, one line of definition, and links to what it was drawn from. */
export function figure<Row>(parts: FigureParts<Row>): HTMLElement {
  const { id, title, caption, legend, draw, table, tablePlace = 'beside' } = parts
  const plot = element('div', { class: 'plot' })
  keepDrawn(plot, draw)
  return element('figure', { id: `figure-${id}`, class: `figure table-${tablePlace}` }, [
    element('h3', {}, [title]),
    legend,
    element('div', { class: 'figure-body' }, [plot, tableElement(table)]),
    element('figcaption', {}, [unbroken(caption), ' ', sourceLinks(parts)]),
  ])
}

/** Keeps a number and its unit on one line. */
const unbroken = (text: string): string => text.replaceAll(/(\d) (%|ms|items|nodes|points|nats)/g, '$1\u00a0$2')

/** Draws into a box whenever its width changes by a visible amount. */
function keepDrawn(box: HTMLElement, draw: (width: number) => Element): void {
  let drawn = 0
  const observer = new ResizeObserver(([entry]) => {
    const width = Math.floor(entry?.contentRect.width ?? 0)
    if (width < 40 || Math.abs(width - drawn) < 2) return
    drawn = width
    box.replaceChildren(draw(width))
  })
  observer.observe(box)
}

function sourceLinks<Row>({ id, table, sources, data }: FigureParts<Row>): HTMLElement {
  const csv = `data:text/csv;charset=utf-8,${encodeURIComponent(csvText(table))}`
  const links: Child[] = [element('a', { href: csv, download: `${id}.csv` }, ['rows (csv)'])]
  for (const source of ['manifest.json', ...sources]) {
    const { file, label } = typeof source === 'string' ? { file: source, label: source } : source
    links.push(element('a', { href: `${data}/${file}` }, [label]))
  }
  return element('span', { class: 'sources' }, [
    'Drawn from ',
    ...links.flatMap((link, index) => (index === 0 ? [link] : [' · ', link])),
  ])
}

/** What stands in a figure's place when the run holds nothing to draw. */
export function absence({
  id,
  title,
  reason,
}: {
  readonly id: string
  readonly title: string
  readonly reason: string | Element
}): HTMLElement {
  return element('section', { id: `figure-${id}`, class: 'absence' }, [
    element('h3', {}, [title]),
    element('p', {}, [reason]),
  ])
}
