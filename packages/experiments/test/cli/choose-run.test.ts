import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { chooseRun } from '../../src/cli/choose-run.ts'
import { finishedSummary } from '../../src/cli/finished-summary.ts'
import { terminal } from '../../src/cli/terminal.ts'
import { RunFolder } from '../../src/store/run-folder.ts'
import { madeEvidence } from '../claims/made-evidence.ts'
import { network } from '../claims/made-study.ts'
import { decodings, manifest } from '../summary/three-arms.ts'

const to = terminal
let runs = ''
beforeEach(() => {
  runs = mkdtempSync(join(tmpdir(), 'dsd-chosen-'))
})
afterEach(() => {
  delete process.env.DSD_EVIDENCE
  rmSync(runs, { recursive: true, force: true })
})

const made = () =>
  madeEvidence({
    prompts: 3,
    conditions: [network(4, 20)],
    arms: [{ id: 'strict', gamma: 4, lossless: true, answer: () => ({ rounds: [4, 4, 4] }) }],
  })

it('opens a folder of evidence, and a run of evidence by the beginning of its id', async () => {
  using kept = await made()
  const byPath = await chooseRun({ name: join(kept.evidence.path, kept.entry.runId), runs, to })
  expect((await finishedSummary(byPath)).quality[0]?.tokensPerRound.estimate).toBe(4)
  process.env.DSD_EVIDENCE = kept.evidence.path
  expect((await chooseRun({ name: 'study', runs, to })).manifest.runId).toBe(kept.entry.runId)
  await expect(chooseRun({ name: 'another', runs, to })).rejects.toThrow('no run is called another')
})

it("prefers one's own run to one in evidence", async () => {
  using kept = await made()
  process.env.DSD_EVIDENCE = kept.evidence.path
  await new RunFolder(join(runs, manifest.runId)).writeManifest(manifest)
  expect((await chooseRun({ name: 'study', runs, to })).folder.path).toBe(join(runs, manifest.runId))
})

it('an unfinished run says how much of it is done, and the command that goes on', async () => {
  const folder = new RunFolder(join(runs, manifest.runId))
  const limited = { ...manifest, experiment: { tasks: [{ name: 'sums', limit: 20 }] } }
  await folder.writeManifest(limited)
  const [first] = decodings
  if (first !== undefined) await folder.writeDecoding(first, '')
  mkdirSync(join(folder.path, 'passes'))
  writeFileSync(folder.passFile('plain'), '{}\n{}\n{}\n')
  await expect(finishedSummary({ folder, manifest: limited })).rejects.toMatchObject({
    message: 'the run is not finished: 3 of 60 texts, 1 of 3 decodings',
    fix: `go on with exp run study.ts --limit 20 --runs ${runs}`,
  })
})
