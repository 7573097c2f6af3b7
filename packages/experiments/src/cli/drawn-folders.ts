import type { RunFolder } from '../store/run-folder.ts'
import type { FoundRun } from '../store/runs-folder.ts'
import type { Terminal } from './terminal.ts'

export interface NamedRun {
  readonly runId: string
  readonly folder: RunFolder
}

/**
 * Paths of the run folders that a report draws. Pages are named by the id of the run: one that is also in evidence has one page, that of
 * its own folder; a second folder of a chosen run is left out and told of.
 */
export function drawnFolders({
  evidence,
  chosen,
  to,
}: {
  readonly evidence: readonly NamedRun[]
  readonly chosen: readonly Pick<FoundRun, 'folder' | 'manifest'>[]
  readonly to: Terminal
}): string[] {
  const own = new Map<string, string>()
  for (const { manifest, folder } of chosen) {
    const { runId } = manifest
    const first = own.get(runId)
    if (first === undefined) own.set(runId, folder.path)
    else if (first !== folder.path) to.err.write(`${folder.path}: left out, ${first} holds the run ${runId} too\n`)
  }
  return [...new Map([...evidence.map(({ runId, folder }) => [runId, folder.path] as const), ...own]).values()]
}
