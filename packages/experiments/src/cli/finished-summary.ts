import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DsdError } from '@dsd-lab/core'
import { isRecord } from '../dsl/sweep.ts'
import type { RunFolder } from '../store/run-folder.ts'
import { type FoundRun, runsFolder } from '../store/runs-folder.ts'
import type { Manifest, Summary } from '../store/schema.ts'
import { total } from '../summary/per-prompt.ts'

/** @throws DsdError `bad-input` when the run is not finished, with how much of it is and the command that goes on. */
export async function finishedSummary({ folder, manifest }: Pick<FoundRun, 'folder' | 'manifest'>): Promise<Summary> {
  const summary = await folder.readSummary()
  if (summary !== undefined) return summary
  throw new DsdError(`the run is not finished: ${await amountDone(folder, manifest)}`, {
    kind: 'bad-input',
    where: folder.path,
    fix: `go on with ${commandOf(folder, manifest)}`,
  })
}

async function amountDone(folder: RunFolder, { decodings, tasks }: Manifest): Promise<string> {
  const items = new Map(tasks.map((task) => [task.name, task.items]))
  const passes = new Map(decodings.map(({ id, pass = id, task }) => [pass, items.get(task) ?? 0]))
  const texts = await Promise.all([...passes.keys()].map((pass) => linesIn(folder.passFile(pass))))
  const results = await Promise.all(decodings.map(({ id }) => folder.readDecoding(id)))
  const whole = results.filter((result) => result !== undefined).length
  return `${total(texts)} of ${total([...passes.values()])} texts, ${whole} of ${decodings.length} decodings`
}

async function linesIn(path: string): Promise<number> {
  const text = await readFile(path, 'utf8').catch(() => '')
  return text.split('\n').length - 1
}

/** `--limit` stands for the same limit of every task, whoever said it, so that giving it again changes nothing. */
function commandOf({ path }: RunFolder, { file, experiment }: Manifest): string {
  const home = dirname(path)
  const tasks = Array.isArray(experiment.tasks) ? experiment.tasks.filter(isRecord) : []
  const [limit, ...others] = new Set(tasks.map((task) => task.limit))
  return [
    `exp run ${file}`,
    ...(typeof limit === 'number' && others.length === 0 ? [`--limit ${limit}`] : []),
    ...(home === runsFolder() ? [] : [`--runs ${home}`]),
  ].join(' ')
}
