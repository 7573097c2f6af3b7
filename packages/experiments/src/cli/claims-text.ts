import { estimateText, SYMBOLS } from '../claims/wording.ts'
import type { JudgedClaim, JudgedReading } from '../store/schema-claims.ts'

/** The claims with their verdicts, for a terminal: number, interval, conditions and run of each. */
export function claimsText(claims: readonly JudgedClaim[]): string {
  const blocks = claims.map(({ id, text, source, rule, readings }) =>
    [`${id}: ${text} (${source})`, `  rule: ${rule}`, ...readings.map(readingText)].join('\n'),
  )
  return [SYMBOLS, ...blocks, tally(claims)].join('\n\n')
}

function readingText(reading: JudgedReading): string {
  const { verdict, because, beside } = reading
  const lines = [numberText(reading), whereText(reading), ...beside.map((line) => `beside it: ${line}`)]
  return [
    `  ${verdict.toUpperCase()}: ${because}`,
    ...lines.filter((line) => line !== '').map((line) => `    ${line}`),
  ].join('\n')
}

function numberText({ measured }: JudgedReading): string {
  return measured === null ? '' : `${estimateText(measured.value, measured.unit)}, ${measured.what}`
}

function whereText({ pair, conditions, note, runId }: JudgedReading): string {
  return [pair, conditions, note, runId === null ? null : `run ${runId}`].filter(Boolean).join('; ')
}

function tally(claims: readonly JudgedClaim[]): string {
  const readings = claims.flatMap((claim) => claim.readings)
  const count = (verdict: JudgedReading['verdict']): string =>
    `${readings.filter((one) => one.verdict === verdict).length} ${verdict}`
  return `${readings.length} readings of ${claims.length} claims: ${count('reproduced')}, ${count('refuted')}, ${count('not testable here')}`
}

/** The same as one Markdown table, a row for each reading. */
export function claimsMarkdown(claims: readonly JudgedClaim[]): string {
  const rows = claims.flatMap(({ id, text, readings }) =>
    readings.map((reading) => {
      const { verdict, because, pair, conditions, runId, beside } = reading
      const cells = [
        `\`${id}\` ${text}`,
        `**${verdict}**`,
        numberText(reading) || '–',
        [pair, conditions].filter(Boolean).join('; '),
        [because, ...beside].join('; '),
        runId === null ? '–' : `\`${runId}\``,
      ]
      return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
    }),
  )
  return [
    SYMBOLS,
    '',
    '| claim | verdict | number, 95 % interval | conditions | why, and beside it | run |',
    '|---|---|---|---|---|---|',
    ...rows,
  ].join('\n')
}
