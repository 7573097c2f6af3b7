import { access, constants } from 'node:fs/promises'
import { availableParallelism, totalmem } from 'node:os'
import { delimiter, join } from 'node:path'
import { Command } from 'commander'
import { readInstalled } from '../../datasets/published/data-folder.ts'
import type { PublishedDataset } from '../../datasets/published/dataset.ts'
import { publishedDatasets } from '../../datasets/published/index.ts'
import { findPython, probeIsolation } from '../../graders/python/find-python.ts'
import { runsFolder } from '../../store/runs-folder.ts'
import { isReportAvailable } from '../report-builder.ts'
import { tableText } from '../table.ts'
import { print, printJson, type Terminal } from '../terminal.ts'
import { type Finding, writable } from './doctor/finding.ts'
import { hub, model, modelCache, pip } from './doctor/model-findings.ts'

export function doctorCommand(to: Terminal): Command {
  return new Command('doctor')
    .description('say which engines, models and tools are there, and what each missing one would give')
    .option('--runs <folder>', 'where runs are kept (default: $DSD_RUNS, else ./runs)')
    .option('--json', 'print as JSON')
    .action(async ({ runs, json = false }: { runs?: string; json?: boolean }) => {
      const findings = [
        machine(),
        ...(await engines()),
        ...(await Promise.all([
          model('bundled:lab-target', 'any experiment without a download'),
          model('bundled:lab-draft', 'speculative decoding without a download'),
          python(),
          pip(),
          hub(),
          modelCache(),
          program('g++', 'pnpm setup:native (it compiles the TensorFlow add-on)'),
          browser(),
          report(),
          ...publishedDatasets.map(dataSet),
          writable('runs', runsFolder(runs), 'a place for results: choose one with --runs'),
        ])),
      ]
      if (json) return printJson(to, findings)
      print(
        to,
        tableText({
          head: ['', '', ''],
          rows: findings.map(({ what, present, detail, gives }) => [
            present ? 'ok' : '--',
            what,
            present ? detail : `${detail}; would give ${gives}`,
          ]),
          align: ['left', 'left', 'left'],
        }).trimStart(),
      )
    })
}

function machine(): Finding {
  const detail = `Node ${process.versions.node}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`
  return { what: 'machine', present: true, detail, gives: '' }
}

async function engines(): Promise<Finding[]> {
  // Loaded when asked for: the tensor library takes a moment that no other command should wait for.
  const { ENGINE_NAMES, isAvailable, selectEngine } = await import('@dsd-lab/node-runtime')
  const chosen = selectEngine()
  return ENGINE_NAMES.map((name) => ({
    what: `engine ${name}`,
    present: isAvailable(name),
    detail: isAvailable(name)
      ? name === chosen.name
        ? `the choice here: ${chosen.reason}`
        : 'can be asked for with DSD_ENGINE'
      : 'not set up (pnpm setup:native)',
    gives: name === 'tfjs-node-gpu' ? 'models on a CUDA GPU' : 'faster windows of large models',
  }))
}

/** The grader of Python programs runs one; how well the system keeps a program to itself is tried out. */
async function python(): Promise<Finding> {
  const gives = 'humaneval, pnpm setup:native, and re-training the bundled pair'
  const found = await findPython()
  if (found === undefined) {
    return { what: 'python3', present: false, detail: 'none of version 3.8 or later on the path or in $PYTHON', gives }
  }
  const { user, namespaces, files } = await probeIsolation(found)
  const fences = [
    ...(namespaces ? ['without network', 'apart from other processes'] : []),
    ...(files ? ['with every file system read-only'] : []),
    ...(user ? ['as a user that owns nothing'] : []),
  ]
  const fenced =
    fences.length === 0
      ? 'judged programs are held by the limits and audit hooks of Python alone: the system gives no namespaces'
      : `judged programs run ${fences.join(', ')}`
  return { what: 'python3', present: true, detail: `${found.version}, ${found.path}; ${fenced}`, gives }
}

async function dataSet({ name, about }: PublishedDataset): Promise<Finding> {
  const installed = await readInstalled(name)
  const state = installed?.source.published === false ? 'not as published' : 'as published'
  const detail = installed === undefined ? `not here (exp data pull ${name}, or exp data add ${name} <file>)` : state
  return { what: `data ${name}`, present: installed !== undefined, detail, gives: about }
}

async function program(name: string, gives: string): Promise<Finding> {
  const path = await findProgram([name])
  return { what: name, present: path !== undefined, detail: path ?? 'not on the path', gives }
}

async function browser(): Promise<Finding> {
  const asked = process.env.CHROMIUM_PATH
  const found = asked ?? (await findProgram(['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']))
  const detail = found ?? 'none found'
  return {
    what: 'browser',
    present: found !== undefined,
    detail,
    gives: 'the browser test without its own download of Chromium',
  }
}

async function report(): Promise<Finding> {
  const present = await isReportAvailable()
  return {
    what: 'report',
    present,
    detail: present ? '@dsd-lab/report' : 'not installed',
    gives: 'pages with figures of every run',
  }
}

async function findProgram(names: readonly string[]): Promise<string | undefined> {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const name of names) {
      const path = join(folder, name)
      const found = await access(path, constants.X_OK).then(
        () => true,
        () => false,
      )
      if (found) return path
    }
  }
  return undefined
}
