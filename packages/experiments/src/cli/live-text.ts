import { isRecord } from '../dsl/sweep.ts'
import type { LiveResult, Manifest } from '../store/schema.ts'
import { fixed } from './number-text.ts'
import { networkLabel, variantLabel } from './run-labels.ts'
import { tableText } from './table.ts'

/** Measured over predicted time from which a live cell is pointed at. */
const SLOW = 1.1

/** What the cells over real shard processes showed, and what to make of those that were slower than predicted; undefined where none was asked for. */
export function liveText(manifest: Manifest, live: readonly LiveResult[]): string | undefined {
  if (manifest.live.length === 0) return undefined
  const missing = manifest.live.length - live.length
  return [
    `live, over ${placeText(manifest)}`,
    ...(live.length === 0 ? [] : [liveTable(manifest, live)]),
    ...(missing === 0
      ? []
      : [`${missing} of ${manifest.live.length} live cells not run yet: exp run goes on with them`]),
    ...slowNote(live),
  ].join('\n')
}

/** Where they were asked for, whether they could be run or not. */
function placeText({ experiment: { live } }: Manifest): string {
  if (!isRecord(live) || !Array.isArray(live.nodes)) return 'shard processes on emulated links'
  const between = live.links === 'real' ? 'with the real network between them' : 'with emulated links between them'
  return `nodes at ${live.nodes.join(', ')} ${between}`
}

function liveTable({ variants, conditions }: Manifest, live: readonly LiveResult[]): string {
  return tableText({
    head: ['', 'token ids', 'measured / predicted ms', 'ratio', 'worst link'],
    rows: live.map((result) => {
      const { cell, predictedMs, measuredMs } = result
      const condition = conditions.find(({ id }) => id === cell.condition)
      const network = condition === undefined ? cell.condition : networkLabel(condition, conditions)
      return [
        `  ${variantLabel(variants, cell.variant)}, ${cell.task}, ${network}`,
        idsText(result),
        `${fixed(measuredMs, 0)} / ${fixed(predictedMs, 0)}`,
        `${fixed(measuredMs / predictedMs, 2)}${isSlow(result) ? ' !' : ''}`,
        linkText(result),
      ]
    }),
  })
}

function idsText({ identical, firstDifference }: LiveResult): string {
  if (identical) return 'identical'
  if (firstDifference === null) return 'not identical'
  const { item, position, marginNats } = firstDifference
  return `part at token ${position} of ${item}, margin ${fixed(marginNats, 3)} nats`
}

/** By what the self-check refuses: the median over frames. Runs from before that was kept have the two medians alone. */
function linkText({ links, over }: LiveResult): string {
  const [worst] = links
    .map((link) => ({ ...link, byMs: link.offMs ?? Math.abs(link.measuredMs - link.declaredMs) }))
    .sort((a, b) => b.byMs - a.byMs)
  if (worst === undefined) return 'not checked'
  if (over?.links === 'real') return `${fixed(worst.measuredMs, 2)} ms, declared ${fixed(worst.declaredMs, 2)}`
  if (worst.offMs === undefined) return `medians ${fixed(worst.byMs, 2)} ms apart`
  const allowed = worst.toleranceMs === undefined ? '' : ` (${fixed(worst.toleranceMs, 2)} allowed)`
  return `${fixed(worst.byMs, 2)} ms off${allowed}`
}

function slowNote(live: readonly LiveResult[]): string[] {
  const slow = live.filter(isSlow).length
  if (slow === 0) return []
  return [
    `! ${slow} of ${live.length} took more than ${fixed(SLOW, 2)} of the predicted time: a machine that is busy with other work does that. ` +
      'Their ids count, their times do not; on an idle machine, delete live/ in the run folder and give the same exp run command.',
  ]
}

/** A real network takes what it takes: only where links are emulated is a longer time the machine's. */
function isSlow({ measuredMs, predictedMs, over }: LiveResult): boolean {
  return over?.links !== 'real' && measuredMs > SLOW * predictedMs
}
