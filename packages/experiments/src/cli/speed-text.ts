import type { Condition, Manifest, Speed } from '../store/schema.ts'
import { interval } from './number-text.ts'
import { networkLabel, variantLabel } from './run-labels.ts'
import { tableText } from './table.ts'

export interface SpeedTables {
  readonly manifest: Manifest
  /** Of one task. */
  readonly speeds: readonly Speed[]
  readonly networks: readonly Condition[]
}

type Reference = 'speedupOverAutoregressive' | 'speedupOverBaseline'

/** A table of speed-ups over plain decoding where an arm decodes so, and one over the baseline where that is another arm. */
export function speedText(tables: SpeedTables): string {
  const { manifest, speeds } = tables
  const { baseline, variants } = manifest
  const has = (over: Reference): boolean => speeds.some((speed) => speed[over] !== null)
  const isBaselinePlain = variants.some(({ arm, decode }) => arm === baseline && decode === 'autoregressive')
  const shown = [
    ...(has('speedupOverAutoregressive')
      ? [['speed-up over plain decoding', 'speedupOverAutoregressive'] as const]
      : []),
    ...(has('speedupOverBaseline') && !isBaselinePlain
      ? [[`speed-up over ${baseline}, paired by prompt`, 'speedupOverBaseline'] as const]
      : []),
  ]
  if (shown.length === 0) return ['time per token', speedTable(tables, 'speedupOverBaseline')].join('\n')
  return shown.map(([head, over]) => [head, speedTable(tables, over)].join('\n')).join('\n\n')
}

/** What is compared with itself shows its ms per token. */
function speedTable({ manifest, speeds, networks }: SpeedTables, over: Reference): string {
  const ids = [...new Set(speeds.map(({ variant }) => variant))]
  return tableText({
    head: ['', ...networks.map((network) => networkLabel(network, manifest.conditions))],
    rows: ids.map((id) => [
      `  ${variantLabel(manifest.variants, id)}`,
      ...networks.map((network) => {
        const speed = speeds.find(({ variant, condition }) => variant === id && condition === network.id)
        if (speed === undefined) return ''
        const ratio = speed[over]
        return ratio === null
          ? `${interval(speed.msPerToken, { digits: 1 })} ms a token`
          : `${interval(ratio, { digits: 2 })} x`
      }),
    ]),
  })
}
