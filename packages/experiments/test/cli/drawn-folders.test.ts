import { afterEach, expect, it, vi } from 'vitest'
import { drawnFolders } from '../../src/cli/drawn-folders.ts'
import { RunFolder } from '../../src/store/run-folder.ts'
import { manifest } from '../summary/three-arms.ts'

const to = { out: process.stdout, err: process.stderr }
const told = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
afterEach(() => told.mockClear())

const run = (runId: string, path: string) => ({ manifest: { ...manifest, runId }, folder: new RunFolder(path) })

it('runs are told apart by their ids: two with one folder name are both drawn', () => {
  const chosen = [run('study-0', '/here/study'), run('study-1', '/there/study')]
  expect(drawnFolders({ evidence: [], chosen, to })).toEqual(['/here/study', '/there/study'])
  expect(told).not.toHaveBeenCalled()
})

it('a copy of a run is left out, and told of', () => {
  const chosen = [run('study-0', '/runs/study-0'), run('study-0', '/runs/copy'), run('study-0', '/runs/study-0')]
  expect(drawnFolders({ evidence: [], chosen, to })).toEqual(['/runs/study-0'])
  expect(told.mock.calls.flat()).toEqual(['/runs/copy: left out, /runs/study-0 holds the run study-0 too\n'])
})

it('a run that is also in evidence is drawn once, from its own folder', () => {
  const evidence = [{ runId: 'study-0', folder: new RunFolder('/runs/evidence/study-0') }]
  expect(drawnFolders({ evidence, chosen: [run('study-0', '/runs/study-0')], to })).toEqual(['/runs/study-0'])
  expect(told).not.toHaveBeenCalled()
})
