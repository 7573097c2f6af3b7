import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { EvidenceFolder } from '../../src/evidence/evidence-folder.ts'
import { unpackRun } from '../../src/evidence/unpack-run.ts'
import { RunFolder } from '../../src/store/run-folder.ts'
import { judgedClaimSchema } from '../../src/store/schema-claims.ts'
import { exp, onlyRun, studySource, workplace, writeStudy } from './exp-process.ts'

const place = workplace()
const cwd = place.folder
const patience = 300_000
const runs = place.newRuns()
const evidence = join(cwd, 'evidence')
const run = (words: readonly string[], env = {}) =>
  exp(words, { cwd, env: { DSD_RUNS: runs, DSD_EVIDENCE: evidence, ...env } })
let runPath = ''

/** A study under the name of an experiment that claims are read from. */
beforeAll(async () => {
  const tasks = "[task('word-problems', { limit: 4, maxTokens: 16 })]"
  await writeStudy(cwd, 'claim-speedup.ts', studySource({ tasks, seeds: '[1]', title: "'A small claim'" }))
  const made = await run(['run', 'claim-speedup.ts', '--no-report'])
  expect(made.err).toMatch(
    /4 items of word-problems can show that no more than \d+ points are lost, not 2; that takes about 2005 items/,
  )
  expect(made.code).toBe(0)
  runPath = await onlyRun(runs)
  const added = await run(['evidence', 'add', 'claim-speedup'])
  expect(added.out).toMatch(/^added claim-speedup-[0-9a-f]{8}: 0\.\d\d MB, in /)
}, patience)
afterAll(() => place[Symbol.dispose]())

describe('evidence', () => {
  it(
    'gives the run back: its summary is the same to the byte, and so is the time of every item',
    async () => {
      const folder = await EvidenceFolder.open(evidence)
      const [entry] = folder.index.runs
      if (entry === undefined) throw new Error('nothing was added')
      const unpacked = await unpackRun({ evidence: folder, entry, runs: join(cwd, 'unpacked') })
      const summary = (path: string): string => readFileSync(join(path, 'summary.json'), 'utf8')
      expect(summary(unpacked.path)).toBe(summary(runPath))
      const manifest = await unpacked.manifest()
      expect(manifest).toEqual(await new RunFolder(runPath).manifest())
      const { cells } = manifest
      for (const { id } of cells) {
        const trace = (path: string): string => readFileSync(join(path, 'cells', id, 'trace.jsonl'), 'utf8')
        const timing = (text: string): string[] => text.split('\n').filter((line) => line.includes('"type":"timing"'))
        expect(timing(trace(unpacked.path))).toEqual(timing(trace(runPath)))
      }
    },
    patience,
  )

  it(
    'asks no control of a rule that looks at no token',
    async () => {
      const blind = join(cwd, 'blind')
      cpSync(runPath, blind, { recursive: true })
      const file = join(blind, 'manifest.json')
      const manifest = readFileSync(file, 'utf8')
        .replace(/"controls": "[^"]*"/, '"controls": "strict-gamma4"')
        .replaceAll('"name": "dsd-adaptive"', '"name": "accept-everything"')
      writeFileSync(file, manifest)
      const added = await run(['evidence', 'add', blind, '--evidence', join(cwd, 'blind-evidence')])
      expect(added).toMatchObject({ code: 0, out: expect.stringMatching(/^added claim-speedup-/) })
    },
    patience,
  )

  it(
    'is judged: a number with its interval and its run where there is evidence, a command where there is none',
    async () => {
      const shown = await run(['claims', 'speedup-gsm8k', '--json'])
      expect(shown.code).toBe(0)
      const [claim] = z.array(judgedClaimSchema).parse(JSON.parse(shown.out))
      const [real, small] = claim?.readings ?? []
      expect(real).toMatchObject({ verdict: 'not testable here', measured: null, runId: null })
      expect(real?.because).toBe('no evidence yet: exp run gsm8k-qwen.ts, then exp evidence add gsm8k-qwen')
      expect(small?.runId).toMatch(/^claim-speedup-/)
      expect(small?.measured?.value.estimate).toBeGreaterThan(1)
      const table = await run(['claims', 'speedup-gsm8k', '--markdown'])
      expect(table.out).toContain(`\`${small?.runId}\``)
      expect(table.out.split('\n').filter((line) => line.startsWith('| `speedup-gsm8k`'))).toHaveLength(2)
    },
    patience,
  )
})

/** A copy of the evidence with something wrong in it. */
function spoilt(name: string, spoil: (folder: string, runId: string) => void): string {
  const folder = join(cwd, name)
  cpSync(evidence, folder, { recursive: true })
  spoil(folder, runPath.split('/').at(-1) ?? '')
  return folder
}

interface MistakeCase {
  readonly mistake: string
  /** Made when the run is there. */
  readonly words: () => readonly string[]
  readonly line: RegExp
  readonly code: 1 | 2
}

const restore = 'restore it from version control, or make it anew with exp run and exp evidence add$'
const cases: readonly MistakeCase[] = [
  {
    mistake: 'a number in evidence edited by hand',
    words: () => {
      const at = spoilt('edited', (folder, id) => {
        const file = join(folder, id, 'cells.jsonl.br')
        const bytes = readFileSync(file)
        bytes[40] = (bytes[40] ?? 0) ^ 1
        writeFileSync(file, bytes)
      })
      return ['claims', '--evidence', at]
    },
    line: new RegExp(
      `^evidence/claim-speedup-\\S+/cells\\.jsonl\\.br: digest mismatch: evidence was changed after it was made .*; ${restore}`,
    ),
    code: 1,
  },
  {
    mistake: 'a manifest that says something else',
    words: () => {
      const at = spoilt('renamed', (folder, id) => {
        const file = join(folder, id, 'manifest.json')
        writeFileSync(file, readFileSync(file, 'utf8').replace('bundled:lab-target', 'llama-3.1-8b'))
      })
      return ['evidence', 'list', '--evidence', at]
    },
    line: /manifest\.json: digest mismatch/,
    code: 1,
  },
  {
    mistake: 'a file of evidence that is gone',
    words: () => [
      'claims',
      '--evidence',
      spoilt('gone', (folder, id) => rmSync(join(folder, id, 'decodings.jsonl.br'))),
    ],
    line: new RegExp(`decodings\\.jsonl\\.br: is listed in the index of evidence and cannot be read; ${restore}`),
    code: 1,
  },
  {
    mistake: 'an index that is none',
    words: () => [
      'claims',
      '--evidence',
      spoilt('no-index', (folder) => writeFileSync(join(folder, 'index.json'), '{')),
    ],
    line: /^evidence\/index\.json: is no index of evidence; /,
    code: 1,
  },
  {
    mistake: 'evidence edited by hand, and a report of it',
    words: () => {
      const at = spoilt('report', (folder, id) => writeFileSync(join(folder, id, 'traces.jsonl.br'), 'x'))
      return ['report', '--evidence', at]
    },
    line: /traces\.jsonl\.br: digest mismatch/,
    code: 1,
  },
  {
    mistake: 'a claim that nobody made',
    words: () => ['claims', 'speedup-gsm8'],
    line: /^no claim is called speedup-gsm8; did you mean speedup-gsm8k\?$/,
    code: 2,
  },
  {
    mistake: 'a run that is not there',
    words: () => ['evidence', 'add', 'claim-speeding'],
    line: /: no run is called claim-speeding; /,
    code: 2,
  },
  {
    mistake: 'a run that is not finished',
    words: () => {
      const unfinished = join(cwd, 'unfinished')
      cpSync(runPath, unfinished, { recursive: true })
      rmSync(join(unfinished, 'summary.json'))
      return ['evidence', 'add', unfinished]
    },
    line: /unfinished: the run is not finished; finish it with the same exp run command$/,
    code: 2,
  },
  {
    mistake: 'an arm that relaxes without a control',
    words: () => {
      const bare = join(cwd, 'bare')
      cpSync(runPath, bare, { recursive: true })
      const file = join(bare, 'manifest.json')
      writeFileSync(file, readFileSync(file, 'utf8').replace(/"controls": "[^"]*"/, '"controls": "strict-gamma4"'))
      return ['evidence', 'add', bare]
    },
    line: /: the arm adaptive relaxes and has no control; add an arm with randomRelaxation\(\{ matchRateOf: 'adaptive' \}\) and run it again$/,
    code: 2,
  },
  {
    mistake: 'no evidence to list',
    words: () => ['evidence', 'list', '--evidence', join(cwd, 'nothing-here')],
    line: /nothing-here: there is no evidence; add a finished run with exp evidence add <run>$/,
    code: 2,
  },
  {
    mistake: 'a margin of nothing',
    words: () => {
      writeFileSync(join(cwd, 'margin.ts'), studySource({ marginPoints: '0' }))
      return ['run', 'margin.ts', '--no-report']
    },
    line: /^marginPoints: 0 is below 0\.01; choose a value in \[0\.01, 99\]$/,
    code: 2,
  },
]

describe('one clear line, the right exit code, no stack', () => {
  it.each(cases)(
    '$mistake',
    async ({ words, line, code }) => {
      const outcome = await run(words())
      expect(outcome.err.trimEnd().split('\n')).toHaveLength(1)
      expect(outcome.err.trimEnd()).toMatch(line)
      expect(outcome.code).toBe(code)
    },
    patience,
  )

  it(
    'evidence that is missing is no failure: every claim says which command makes it',
    async () => {
      const outcome = await run(['claims', '--evidence', join(cwd, 'empty')])
      expect(outcome.err).toBe('')
      expect(outcome.out).toMatch(/0 reproduced, 0 refuted, \d+ not testable here\n$/)
      expect(outcome.out.match(/no evidence yet: exp run \S+\.ts, then exp evidence add \S+/g)?.length).toBeGreaterThan(
        10,
      )
      expect(outcome.code).toBe(0)
    },
    patience,
  )
})
