import type { Table } from '../table.ts'
import { countsOf, decodedColumns, type RunContent, variantColumns, variantRow } from './shared-columns.ts'

/** Texts and grades. */
export function answerTable({ manifest, decodings }: RunContent): Table {
  return {
    columns: {
      ...variantColumns,
      decoding: 'text',
      condition: 'text',
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
        // Null where no network changes the text.
        condition: decoding.condition ?? null,
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
