import type {
  CellResult,
  Condition,
  DecodedItem,
  DecodingResult,
  Manifest,
  Summary,
  Variant,
} from '../../store/schema.ts'
import type { Row } from '../table.ts'

/** What the tables of a run are made from. */
export interface RunContent {
  readonly manifest: Manifest
  readonly decodings: readonly DecodingResult[]
  readonly cells: readonly CellResult[]
  readonly summary: Summary
}

export const variantColumns = { run: 'text', arm: 'text', variant: 'text', task: 'text' } as const

export function variantRow(
  manifest: Manifest,
  { variant, task }: { readonly variant: string; readonly task: string },
): Row {
  const found: Variant | undefined = manifest.variants.find(({ id }) => id === variant)
  return { run: manifest.runId, arm: found?.arm ?? null, variant, task }
}

export const networkColumns = {
  condition: 'text',
  nodes: 'count',
  latencyMs: 'number',
  jitterMs: 'number',
  bandwidthMbps: 'number',
  loss: 'number',
} as const

export function networkRow(manifest: Manifest, id: string): Row {
  const found: Condition | undefined = manifest.conditions.find((condition) => condition.id === id)
  const { latencyMs = null, jitterMs = null, bandwidthMbps = null, loss = null } = found?.link ?? {}
  return { condition: id, nodes: found?.nodes ?? null, latencyMs, jitterMs, bandwidthMbps, loss }
}

export const decodedColumns = {
  drafted: 'count',
  accepted: 'count',
  relaxed: 'count',
  mismatches: 'count',
  correct: 'flag',
} as const

export function countsOf(item: Pick<DecodedItem, keyof typeof decodedColumns> | undefined): Row {
  const { drafted = null, accepted = null, relaxed = null, mismatches = null, correct = null } = item ?? {}
  return { drafted, accepted, relaxed, mismatches, correct }
}

export function intervalColumns<Name extends string>(name: Name): Record<Name | `${Name}Low` | `${Name}High`, 'number'>
export function intervalColumns(name: string): Record<string, 'number'> {
  return { [name]: 'number', [`${name}Low`]: 'number', [`${name}High`]: 'number' }
}

export function intervalRow(
  name: string,
  interval: { readonly estimate: number; readonly low: number; readonly high: number } | null,
): Row {
  return {
    [name]: interval?.estimate ?? null,
    [`${name}Low`]: interval?.low ?? null,
    [`${name}High`]: interval?.high ?? null,
  }
}
