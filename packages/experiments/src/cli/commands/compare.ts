import { DsdError } from '@dsd-lab/core'
import { Command } from 'commander'
import { DEFAULT_MARGIN_POINTS } from '../../plan/sample-size.ts'
import { compareAccuracy, speedup } from '../../statistics/index.ts'
import type { FoundRun } from '../../store/runs-folder.ts'
import type { CellResult, DecodingResult } from '../../store/schema.ts'
import { gradedClusters, isGraded, promptsOf } from '../../summary/quality.ts'
import { speedSample } from '../../summary/speed.ts'
import { chooseRun } from '../choose-run.ts'
import { type Comparison, comparisonText } from '../comparison-text.ts'
import { finishedSummary } from '../finished-summary.ts'
import { print, printJson, type Terminal } from '../terminal.ts'

interface CompareOptions {
  readonly runs?: string
  readonly json?: boolean
  readonly all?: boolean
}

export function compareCommand(to: Terminal): Command {
  return new Command('compare')
    .description('compare two runs, prompt by prompt, where they share task, variant and network')
    .argument('<run>', 'id, beginning of an id, folder, or latest; runs in evidence too')
    .argument('<other>', 'the run to compare it with')
    .option('--runs <folder>', 'where runs are kept (default: $DSD_RUNS, else ./runs)')
    .option('--all', 'show every network')
    .option('--json', 'print as JSON')
    .action(async (first: string, second: string, { runs, json = false, all = false }: CompareOptions) => {
      const one = await chooseRun({ name: first, runs, to })
      const other = await chooseRun({ name: second, runs, to })
      requireTwo(one, other)
      const comparisons = await compareRuns(one, other)
      if (json) return printJson(to, comparisons)
      print(to, comparisonText({ one: one.manifest, other: other.manifest, comparisons, all }))
    })
}

function requireTwo(one: FoundRun, other: FoundRun): void {
  if (one.folder.path !== other.folder.path) return
  throw new DsdError('both names are the same run, whose differences from itself are all nothing', {
    kind: 'bad-input',
    where: one.folder.path,
    fix: 'name another run: exp list shows those there are',
  })
}

async function compareRuns(one: FoundRun, other: FoundRun): Promise<Comparison[]> {
  const [ours, theirs] = [await contentOf(one), await contentOf(other)]
  const tasks = one.manifest.tasks.filter(({ name, digest }) =>
    other.manifest.tasks.some((task) => task.name === name && task.digest === digest),
  )
  const comparisons = tasks.flatMap(({ name: task }) =>
    one.manifest.variants.flatMap(({ id: variant }) =>
      one.manifest.conditions.flatMap(({ id: condition }) => {
        const cells = cellsOf(ours.cells, { task, variant, condition })
        const others = cellsOf(theirs.cells, { task, variant, condition })
        const decodings = decodingsOf(ours.decodings, { task, variant })
        const prompts = promptsOf(decodings)
        if (cells.length === 0 || others.length === 0) return []
        return [
          {
            task,
            variant,
            condition,
            speedup: speedup({ variant: speedSample(cells, prompts), baseline: speedSample(others, prompts) }),
            differencePoints: isGraded(decodings)
              ? compareAccuracy({
                  variant: gradedClusters(decodings, prompts),
                  baseline: gradedClusters(decodingsOf(theirs.decodings, { task, variant }), prompts),
                  marginPoints: DEFAULT_MARGIN_POINTS,
                }).differencePoints
              : null,
          },
        ]
      }),
    ),
  )
  if (comparisons.length > 0) return comparisons
  throw new DsdError(`${one.manifest.runId} and ${other.manifest.runId} share no task, variant and network`, {
    kind: 'bad-input',
    fix: 'compare runs over the same tasks (name, limit, seed) that have an arm in common',
  })
}

interface Content {
  readonly cells: readonly CellResult[]
  readonly decodings: readonly DecodingResult[]
}

async function contentOf(run: FoundRun): Promise<Content> {
  const { folder, manifest } = run
  await finishedSummary(run)
  const cells = await folder.readCells(manifest.cells)
  const decodings = await Promise.all(manifest.decodings.map(({ id }) => folder.readDecoding(id)))
  return { cells, decodings: decodings.filter((one) => one !== undefined) }
}

function cellsOf(
  cells: readonly CellResult[],
  { task, variant, condition }: { readonly task: string; readonly variant: string; readonly condition: string },
): CellResult[] {
  return cells.filter(({ cell }) => cell.task === task && cell.variant === variant && cell.condition === condition)
}

function decodingsOf(
  decodings: readonly DecodingResult[],
  { task, variant }: { readonly task: string; readonly variant: string },
): DecodingResult[] {
  return decodings.filter(({ decoding }) => decoding.task === task && decoding.variant === variant)
}
