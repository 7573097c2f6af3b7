import type { CellResult, Condition, DecodedItem, DecodingResult, Manifest, Summary, Variant } from '../store/schema.ts'
import type { Row, Table } from './table.ts'

export const TABLE_NAMES = ['items', 'answers', 'quality', 'speed'] as const
export type TableName = (typeof TABLE_NAMES)[number]

export interface RunContent {
  readonly manifest: Manifest
  readonly decodings: readonly DecodingResult[]
  readonly cells: readonly CellResult[]
  readonly summary: Summary
}

/** A table of a run: `items` times per prompt and cell, `answers` texts and grades, `quality` and `speed` the estimates. */
export function runTable(name: TableName, run: RunContent): Table {
  switch (name) {
    case 'items':
      return itemTable(run)
    case 'answers':
      return answerTable(run)
    case 'quality':
      return qualityTable(run)
    case 'speed':
      return speedTable(run)
  }
}

const networkColumns = {
  condition: 'text',
  nodes: 'count',
  latencyMs: 'number',
  jitterMs: 'number',
  bandwidthMbps: 'number',
  loss: 'number',
} as const
const variantColumns = { run: 'text', arm: 'text', variant: 'text', task: 'text' } as const
const decodedColumns = {
  drafted: 'count',
  accepted: 'count',
  relaxed: 'count',
  mismatches: 'count',
  correct: 'flag',
} as const

function itemTable({ manifest, decodings, cells }: RunContent): Table {
  const decoded = new Map(decodings.map(({ decoding, items }) => [decoding.id, new Map(items.map((i) => [i.item, i]))]))
  const rows = cells.flatMap(({ cell, items }) => {
    const shared = {
      ...variantRow(manifest, cell),
      cell: cell.id,
      seed: cell.seed,
      ...networkRow(manifest, cell.condition),
    }
    return items.map((item) => ({
      ...shared,
      ...item,
      ...countsOf(decoded.get(cell.decoding)?.get(item.item)),
    }))
  })
  return {
    columns: {
      ...variantColumns,
      cell: 'text',
      seed: 'count',
      ...networkColumns,
      item: 'text',
      tokens: 'count',
      rounds: 'count',
      ...decodedColumns,
      totalMs: 'number',
      firstTokenMs: 'number',
      forwardBytes: 'count',
      verdictBytes: 'count',
    },
    rows,
  }
}

function answerTable({ manifest, decodings }: RunContent): Table {
  return {
    columns: {
      ...variantColumns,
      decoding: 'text',
      seed: 'count',
      item: 'text',
      promptTokens: 'count',
      tokens: 'count',
      rounds: 'count',
      ...decodedColumns,
      reason: 'text',
      prompt: 'text',
      text: 'text',
    },
    rows: decodings.flatMap(({ decoding, items }) =>
      items.map(({ item, promptTokens, tokens, rounds, reason, prompt, text, ...counts }) => ({
        ...variantRow(manifest, decoding),
        decoding: decoding.id,
        seed: decoding.seed,
        item,
        promptTokens,
        tokens,
        rounds,
        ...countsOf(counts),
        reason,
        prompt,
        text,
      })),
    ),
  }
}

function qualityTable({ manifest, summary }: RunContent): Table {
  return {
    columns: {
      ...variantColumns,
      items: 'count',
      ...intervalColumns('accuracy'),
      ...intervalColumns('tokensPerRound'),
      ...intervalColumns('acceptance'),
      relaxedRate: 'number',
      relaxedOfMismatches: 'number',
      ...intervalColumns('differencePoints'),
      mcnemarP: 'number',
      mcnemarMidP: 'number',
      mcnemarHolmP: 'number',
      nonInferiorityP: 'number',
      nonInferior: 'flag',
    },
    rows: summary.quality.map((quality) => ({
      ...variantRow(manifest, quality),
      items: quality.items,
      ...intervalRow('accuracy', quality.accuracy),
      ...intervalRow('tokensPerRound', quality.tokensPerRound),
      ...intervalRow('acceptance', quality.acceptance),
      relaxedRate: quality.relaxedRate,
      relaxedOfMismatches: quality.relaxedOfMismatches,
      ...intervalRow('differencePoints', quality.versusBaseline?.differencePoints ?? null),
      mcnemarP: quality.versusBaseline?.mcnemarP ?? null,
      mcnemarMidP: quality.versusBaseline?.mcnemarMidP ?? null,
      mcnemarHolmP: quality.versusBaseline?.holm?.mcnemarP ?? null,
      nonInferiorityP: quality.versusBaseline?.nonInferiorityP ?? null,
      nonInferior: quality.versusBaseline?.nonInferior ?? null,
    })),
  }
}

function speedTable({ manifest, summary }: RunContent): Table {
  return {
    columns: {
      ...variantColumns,
      ...networkColumns,
      ...intervalColumns('msPerToken'),
      ...intervalColumns('speedupOverAutoregressive'),
      ...intervalColumns('speedupOverBaseline'),
      roundsPerToken: 'number',
      forwardBytesPerToken: 'number',
      verdictBytesPerToken: 'number',
      predictedPaper: 'number',
      predictedGeneral: 'number',
    },
    rows: summary.speed.map((speed) => ({
      ...variantRow(manifest, speed),
      ...networkRow(manifest, speed.condition),
      ...intervalRow('msPerToken', speed.msPerToken),
      ...intervalRow('speedupOverAutoregressive', speed.speedupOverAutoregressive),
      ...intervalRow('speedupOverBaseline', speed.speedupOverBaseline),
      roundsPerToken: speed.roundsPerToken,
      forwardBytesPerToken: speed.forwardBytesPerToken,
      verdictBytesPerToken: speed.verdictBytesPerToken,
      predictedPaper: speed.predicted?.paper ?? null,
      predictedGeneral: speed.predicted?.general ?? null,
    })),
  }
}

function variantRow(manifest: Manifest, { variant, task }: { readonly variant: string; readonly task: string }): Row {
  const found: Variant | undefined = manifest.variants.find(({ id }) => id === variant)
  return { run: manifest.runId, arm: found?.arm ?? null, variant, task }
}

function networkRow(manifest: Manifest, id: string): Row {
  const found: Condition | undefined = manifest.conditions.find((condition) => condition.id === id)
  const { latencyMs = null, jitterMs = null, bandwidthMbps = null, loss = null } = found?.link ?? {}
  return { condition: id, nodes: found?.nodes ?? null, latencyMs, jitterMs, bandwidthMbps, loss }
}

function countsOf(item: Pick<DecodedItem, keyof typeof decodedColumns> | undefined): Row {
  const { drafted = null, accepted = null, relaxed = null, mismatches = null, correct = null } = item ?? {}
  return { drafted, accepted, relaxed, mismatches, correct }
}

function intervalColumns<Name extends string>(name: Name): Record<Name | `${Name}Low` | `${Name}High`, 'number'>
function intervalColumns(name: string): Record<string, 'number'> {
  return { [name]: 'number', [`${name}Low`]: 'number', [`${name}High`]: 'number' }
}

function intervalRow(
  name: string,
  interval: { readonly estimate: number; readonly low: number; readonly high: number } | null,
): Row {
  return {
    [name]: interval?.estimate ?? null,
    [`${name}Low`]: interval?.low ?? null,
    [`${name}High`]: interval?.high ?? null,
  }
}
