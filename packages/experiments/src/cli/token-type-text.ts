import type { Manifest, Summary, TokenType, Variant } from '../store/schema.ts'
import { interval } from './number-text.ts'
import { tableText } from './table.ts'

/** Acceptance by class and place of the token, the variants side by side; a line instead where a run holds no counts. */
export function tokenTypeText(manifest: Manifest, { tokenTypes = [] }: Summary): string {
  if (tokenTypes.length === 0) return 'no counts by token type: the run is older than they are, or drafts nothing'
  return manifest.tasks
    .flatMap(({ name: task }) =>
      (['class', 'place'] as const).map((by) =>
        [
          `${task}: drafts kept by ${by}, % of those judged (of the mismatches, how many relaxed)`,
          typeTable(
            manifest.variants,
            tokenTypes.filter((one) => one.task === task && one.by === by),
          ),
        ].join('\n'),
      ),
    )
    .join('\n\n')
}

function typeTable(variants: readonly Variant[], types: readonly TokenType[]): string {
  const shown = variants.filter(({ id }) => types.some(({ variant }) => variant === id))
  const names = [...new Set(types.map(({ name }) => name))]
  return tableText({
    head: ['', ...shown.map(({ label }) => label), 'importance'],
    rows: names.map((name) => {
      const own = types.filter((one) => one.name === name)
      const scored = own.find(({ meanImportance }) => meanImportance !== null)
      return [
        `  ${name}`,
        ...shown.map((variant) =>
          cell(
            variant,
            own.find((one) => one.variant === variant.id),
          ),
        ),
        scored?.meanImportance?.toFixed(2) ?? '-',
      ]
    }),
  })
}

function cell({ lossless }: Variant, type: TokenType | undefined): string {
  if (type === undefined) return '-'
  const kept = interval(type.acceptance, { digits: 0, scale: 100 })
  return lossless ? kept : `${kept} (${type.relaxed}/${type.relaxed + type.corrected})`
}
