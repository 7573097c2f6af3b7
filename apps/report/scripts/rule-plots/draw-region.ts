import * as Plot from '@observablehq/plot'
import { JSDOM } from 'jsdom'
import type { Axis, Region } from './regions.ts'

const CELLS = 30
/** Probabilities are shown in steps of this. */
const STEP = 0.1

interface Run {
  readonly x1: number
  readonly x2: number
  readonly y1: number
  readonly y2: number
  readonly kept: number
}

/** The region as an SVG file: dark where a draft is always kept, white where it never is, grey where no law lies. */
export function drawRegion(region: Region, title: string): string {
  const { document } = new JSDOM('').window
  const drawn = Plot.plot({
    document,
    width: 320,
    height: 300,
    marginLeft: 48,
    marginBottom: 40,
    style: { background: 'white', color: '#333', fontFamily: 'sans-serif', fontSize: '12px' },
    x: {
      domain: [region.x.from, region.x.to],
      label: region.x.label,
      labelAnchor: 'center',
      labelArrow: 'none',
      ticks: 5,
    },
    y: { domain: [region.y.from, region.y.to], label: region.y.label, labelArrow: 'none', ticks: 5 },
    color: { type: 'linear', domain: [0, 1], range: ['#ffffff', '#1b4f8a'] },
    marks: [
      Plot.frame({ fill: '#e8e8e8', stroke: 'none' }),
      Plot.rect(runsOf(region), { x1: 'x1', x2: 'x2', y1: 'y1', y2: 'y2', fill: 'kept', inset: -0.2, clip: true }),
      Plot.frame({ stroke: '#999' }),
    ],
  })
  const svg = drawn.tagName === 'svg' ? drawn : drawn.querySelector('svg')
  if (svg === null) throw new RangeError(`nothing was drawn for ${title}`)
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  svg.setAttribute('role', 'img')
  const name = document.createElementNS('http://www.w3.org/2000/svg', 'title')
  name.textContent = title
  svg.prepend(name)
  return `${svg.outerHTML.replaceAll(/(\d+\.\d{3})\d+/g, '$1')}\n`
}

/** Neighbouring cells of a row with the same step, joined. */
function runsOf({ x, y, at }: Region): Run[] {
  const runs: Run[] = []
  for (let line = 0; line < CELLS; line++) {
    let open: Run | undefined
    for (let column = 0; column < CELLS; column++) {
      const kept = at(centre(x, column), centre(y, line))
      const step = kept === undefined ? undefined : Number((Math.round(kept / STEP) * STEP).toFixed(1))
      if (open !== undefined && open.kept === step) open = { ...open, x2: edge(x, column + 1) }
      else {
        if (open !== undefined) runs.push(open)
        const place = { x1: edge(x, column), x2: edge(x, column + 1), y1: edge(y, line), y2: edge(y, line + 1) }
        open = step === undefined ? undefined : { ...place, kept: step }
      }
    }
    if (open !== undefined) runs.push(open)
  }
  return runs
}

function edge({ from, to }: Axis, cell: number): number {
  return from + ((to - from) * cell) / CELLS
}

function centre(axis: Axis, cell: number): number {
  return (edge(axis, cell) + edge(axis, cell + 1)) / 2
}
