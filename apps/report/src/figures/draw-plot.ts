import * as Plot from '@observablehq/plot'

/** Below this width small multiples stand under each other. */
export const narrowPx = 440

export interface Drawing extends Plot.PlotOptions {
  /** What the plot shows, for those who do not see it. */
  readonly ariaLabel: string
  readonly width: number
  readonly height: number
}

/** A plot in the page's type, on the page's paper, and one image to assistive technology: the table beside it holds the numbers. */
export function drawPlot(options: Drawing): Element {
  const drawn = Plot.plot({
    style: { fontFamily: 'var(--sans)', fontSize: '12px', background: 'transparent', overflow: 'visible' },
    ...options,
  })
  drawn.setAttribute('role', 'img')
  for (const part of drawn.querySelectorAll('g[aria-label]')) part.removeAttribute('aria-label')
  return drawn
}
