import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { DsdError, readTrace, suggestName, type TraceEvent } from '@dsd-lab/core'
import { Command, Option } from 'commander'
import { chromeTrace } from '../../exporting/chrome-trace.ts'
import { parquetBytes } from '../../exporting/parquet.ts'
import { runTable, TABLE_NAMES, type TableName } from '../../exporting/run-tables.ts'
import type { RunContent } from '../../exporting/tables/shared-columns.ts'
import { csvText, jsonLines } from '../../exporting/text-formats.ts'
import { retimeText } from '../../runner/retime-text.ts'
import { textsOf } from '../../runner/traced-text.ts'
import { writeAtomically } from '../../store/atomic-write.ts'
import type { FoundRun } from '../../store/runs-folder.ts'
import { hiddenSizeOf } from '../../summary/diagnoses.ts'
import { chooseRun } from '../choose-run.ts'
import { finishedSummary } from '../finished-summary.ts'
import { networkLabel, variantLabel } from '../run-labels.ts'
import { print, type Terminal } from '../terminal.ts'

const FORMATS = ['csv', 'jsonl', 'parquet', 'perfetto'] as const

interface ExportOptions {
  readonly format: (typeof FORMATS)[number]
  readonly table: TableName
  readonly cell?: string
  readonly out?: string
  readonly runs?: string
}

export function exportCommand(to: Terminal): Command {
  return new Command('export')
    .description('write a run as a table, or the rounds of one cell as a timeline for ui.perfetto.dev')
    .argument('<run>', 'id, beginning of an id, folder, or latest; runs in evidence too')
    .addOption(new Option('--format <format>', 'file format').choices(FORMATS).default('csv'))
    .addOption(
      new Option('--table <table>', 'what to write, except for perfetto').choices(TABLE_NAMES).default('items'),
    )
    .option(
      '--cell <id>',
      'cell of a perfetto timeline, or the beginning of its id (default: the first one that drafts)',
    )
    .option('--out <file>', 'where to write (default: the standard output; parquet needs a file)')
    .option('--runs <folder>', 'where runs are kept (default: $DSD_RUNS, else ./runs)')
    .action((name: string, options: ExportOptions) => exportRun(name, options, to))
}

async function exportRun(name: string, options: ExportOptions, to: Terminal): Promise<void> {
  if (options.format === 'perfetto' && options.out === undefined && to.out.isTTY) {
    throw new DsdError('a timeline is for ui.perfetto.dev, not for a terminal', {
      kind: 'bad-input',
      where: '--out',
      fix: 'name a file, e.g. --out timeline.json',
    })
  }
  const run = await chooseRun({ name, runs: options.runs, to })
  const content =
    options.format === 'perfetto' ? await timeline(run, options.cell, to) : await tableContent(run, options)
  if (options.out !== undefined) {
    const path = resolve(options.out)
    await writeAtomically(path, content)
    print(to, `wrote ${path}`)
    return
  }
  if (typeof content !== 'string') {
    throw new DsdError('parquet is not text', { kind: 'bad-input', where: '--out', fix: 'name a file' })
  }
  to.out.write(content)
}

async function tableContent(run: FoundRun, { format, table }: ExportOptions): Promise<string | Uint8Array> {
  const rows = runTable(table, await contentOf(run))
  if (format === 'parquet') return parquetBytes(rows)
  return format === 'jsonl' ? jsonLines(rows) : csvText(rows)
}

async function contentOf(run: FoundRun): Promise<RunContent> {
  const { folder, manifest } = run
  const summary = await finishedSummary(run)
  const decodings = await Promise.all(manifest.decodings.map(({ id }) => folder.readDecoding(id)))
  const cells = await folder.readCells(manifest.cells)
  return {
    manifest,
    summary,
    decodings: decodings.filter((one) => one !== undefined),
    cells,
  }
}

/** All rounds of one cell, timed anew from its decoding: exact, since times follow from rounds and network. */
async function timeline(run: FoundRun, wanted: string | undefined, { err }: Terminal): Promise<string> {
  const { folder, manifest } = run
  const drafting = manifest.variants.filter(({ decode }) => decode === 'speculative').map(({ id }) => id)
  const cell =
    wanted === undefined
      ? (manifest.cells.find(({ variant }) => drafting.includes(variant)) ?? manifest.cells[0])
      : manifest.cells.find(({ id }) => id.startsWith(wanted))
  const condition = manifest.conditions.find(({ id }) => id === cell?.condition)
  if (cell === undefined || condition === undefined) {
    const ids = manifest.cells.map(({ id }) => id)
    const fix = wanted === undefined ? 'choose another run' : suggestName(wanted, ids.slice(0, 5))
    throw new DsdError(`${manifest.runId} has no such cell`, { kind: 'bad-input', where: '--cell', fix })
  }
  await finishedSummary(run)
  const variant = variantLabel(manifest.variants, cell.variant)
  err.write(`cell ${cell.id}: ${variant}, ${cell.task}, ${networkLabel(condition)}, seed ${cell.seed}\n`)
  const file = folder.traceFile('decodings', cell.decoding)
  const texts = textsOf(readTrace(await readFile(file, 'utf8'), file).events)
  const hiddenSize = hiddenSizeOf(manifest)
  const events = texts.flatMap(
    (text): readonly TraceEvent[] => retimeText({ text, condition, seed: cell.seed, hiddenSize }).events,
  )
  return JSON.stringify(chromeTrace(events))
}
