import type { LinkModel, TimedChain } from '@dsd-lab/core'
import type { Advice } from '../advice/advise.ts'
import type { Agreement } from '../advice/agreement.ts'
import type { MeasuredHost } from '../advice/measure-hosts.ts'
import { interval } from './number-text.ts'
import { tableText } from './table.ts'

/** Windows that the table shows beside the best. */
const SHOWN = [1, 2, 4, 8, 16]

/** The answer for people: what to choose, what it is worth, and what that rests on. */
export function adviceText({
  advice,
  agreement,
  chain,
  hosts,
}: {
  readonly advice: Advice
  readonly agreement: Agreement
  readonly chain: TimedChain
  readonly hosts: readonly MeasuredHost[]
}): string {
  const { gamma, speedup, auto, draftAhead, byGamma, plainTokensPerSecond, tokensPerSecond } = advice
  const shown = byGamma.filter((one) => SHOWN.includes(one.gamma) || (one.gamma === gamma && gamma > 0))
  const pays = speedup.low > 1
  return [
    networkText(chain, hosts),
    `drafts as ${agreement.source}`,
    '',
    pays
      ? `rule: coupled, which keeps the text of the target exactly (strict is the same at temperature 0)`
      : 'rule: none; decode without drafting',
    ...(pays ? [`window: gamma ${gamma}; chosen on the way (gamma: 'auto'): ${times(auto)} x`] : []),
    ...(pays && draftAhead.speedup.estimate > speedup.estimate
      ? [`drafting ahead (draftAhead: true): gamma ${draftAhead.gamma}, ${times(draftAhead.speedup)} x`]
      : []),
    `speed-up over plain decoding: ${times(speedup)} x, ${plainTokensPerSecond.toFixed(2)} -> ${tokensPerSecond.toFixed(2)} tokens/s`,
    paysText(advice),
    '',
    tableText({
      head: ['gamma', 'speed-up'],
      rows: [...shown.map((one) => [`${one.gamma}`, `${times(one.speedup)} x`]), ['auto', `${times(auto)} x`]],
    }),
    '',
    'Intervals are 95 %, over prompts. Lossy rules change the text: what they cost is measured by an experiment, not advised.',
  ].join('\n')
}

function times(speedup: Advice['speedup']): string {
  return interval(speedup, { digits: 2 })
}

function paysText({ paysFromMs }: Advice): string {
  if (paysFromMs === null) return 'drafting does not pay at any latency up to 2000 ms a link'
  if (paysFromMs === 0) return 'drafting pays at every latency, from 0 ms a link on'
  return `drafting pays from ${paysFromMs.toFixed(paysFromMs < 10 ? 1 : 0)} ms a link on`
}

function networkText(
  { nodes, network: { links }, compute, draftStepMs }: TimedChain,
  hosts: readonly MeasuredHost[],
): string {
  const computeText =
    'baseMs' in compute
      ? `a window takes ${ms(compute.baseMs)} + ${ms(compute.perRowMs)} ms a row on each, a draft ${ms(draftStepMs)} ms`
      : ''
  if ('latencyMs' in links) return `${nodes} nodes, links of ${linkText(links)}; ${computeText}`
  const trips = hosts.map(({ host, roundTripMs }) => `${host} ${roundTripMs.toFixed(2)} ms`).join(', ')
  return `${nodes} nodes, round trips measured from here: ${trips}; links one way ${links.map(({ latencyMs }) => latencyMs.toFixed(2)).join(', ')} ms; ${computeText}`
}

/** Three digits of it. */
function ms(value: number): string {
  return String(Number(value.toPrecision(3)))
}

function linkText({ latencyMs, jitterMs = 0, bandwidthMbps, loss = 0 }: LinkModel): string {
  return [
    `${latencyMs} ms`,
    ...(jitterMs > 0 ? [`jitter ${jitterMs} ms`] : []),
    ...(bandwidthMbps === undefined ? [] : [`${bandwidthMbps} Mbit/s`]),
    ...(loss > 0 ? [`loss ${loss}`] : []),
  ].join(', ')
}
