import type { Condition, Estimate } from '@dsd-lab/experiments/schema'

/** U+2212, as wide as a plus sign. */
const minus = (text: string): string => text.replace('-', '−')

/** Thousands are set apart by a narrow space. */
export const fixed = (value: number, digits = 2): string =>
  minus(
    value
      .toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
      .replaceAll(',', '\u202f'),
  )

/** At most three significant digits, and none that says nothing: `10`, `45.6`, `0.1`. */
export const spoken = (value: number): string =>
  minus(value.toLocaleString('en-US', { maximumSignificantDigits: 3 }).replaceAll(',', '\u202f'))

const signed = (value: number, digits: number): string =>
  value > 0 ? `+${fixed(value, digits)}` : fixed(value, digits)

export const percent = (share: number, digits = 1): string => `${fixed(100 * share, digits)}\u202f%`
/** `84.2`: a share under a heading that says %. */
export const percentage = (share: number): string => fixed(100 * share, 1)
export const times = (ratio: number): string => `${fixed(ratio)}×`
export const points = (value: number): string => signed(value, 1)

/** `[2.21, 2.48]`: the interval alone, each end in the given format. */
export const interval = ({ low, high }: Estimate, format: (value: number) => string): string =>
  `[${format(low)}, ${format(high)}]`

/** A bare number of two digits: for ratios inside an interval or a table. */
export const ratio = (value: number): string => fixed(value)

/** `2.34 [2.21, 2.48]`: never the estimate without its interval. */
export const withInterval = (value: Estimate, format: (value: number) => string): string =>
  `${format(value.estimate)} ${interval(value, format)}`

/** Two significant digits below ten, none above: for axes and times. */
export const brief = (value: number): string =>
  Math.abs(value) >= 100 ? fixed(value, 0) : Math.abs(value) >= 10 ? fixed(value, 1) : fixed(value, 2)

/** A multiple of 1000 bytes, as networks count them. */
export const bytes = (value: number): string =>
  value < 1000 ? `${fixed(value, 0)} B` : value < 1e6 ? `${fixed(value / 1e3, 1)} kB` : `${fixed(value / 1e6, 1)} MB`

/**
 * `4 nodes, 20 ms links, jitter 1 ms, 200 Mbit/s, loss 1 %`: what a link does not have is left out. What its machines take is told where that
 * alone tells it from another of the networks that it is among.
 */
export function network(condition: Condition, among: readonly Condition[] = []): string {
  const name = linksName(condition)
  const alike = among.filter((other) => linksName(other) === name)
  const telling = machineTraits.filter((trait) => alike.some((other) => trait(other) !== trait(condition)))
  return [name, ...telling.map((trait) => trait(condition))].join(', ')
}

function linksName({ nodes, link }: Condition): string {
  return [nodes === 1 ? '1 node' : `${nodes} nodes`, `${spoken(link.latencyMs)} ms links`, ...linkTraits(link)].join(
    ', ',
  )
}

const machineTraits: readonly ((condition: Condition) => string)[] = [
  ({ compute }) => `a pass ${spoken(compute.baseMs)} ms and ${spoken(compute.perRowMs)} ms a row`,
  ({ compute }) => `a draft step ${spoken(compute.draftStepMs)} ms`,
]

/** What a link has besides its latency. */
export function linkTraits({ jitterMs, bandwidthMbps, loss }: Condition['link']): string[] {
  return [
    ...(jitterMs > 0 ? [`jitter ${spoken(jitterMs)} ms`] : []),
    ...(bandwidthMbps === undefined ? [] : [`${spoken(bandwidthMbps)} Mbit/s`]),
    ...(loss > 0 ? [`loss ${spoken(100 * loss)} %`] : []),
  ]
}

/** Text of the command line with the signs that numbers have here: `−1.0`, `1.10×`, `≤`. */
export const typeset = (text: string): string =>
  text
    .replaceAll(/(?<!\w)-(?=\d)/g, '−')
    .replaceAll(/(?<=\d)x(?!\w)/g, '×')
    .replaceAll('<=', '≤')
    .replaceAll('>=', '≥')
