import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { writeAtomically } from '../store/atomic-write.ts'
import { readCheckpoint } from '../store/checkpoint.ts'
import { RunFolder } from '../store/run-folder.ts'
import { type TextEntry, textEntrySchema } from './decode/text-entry.ts'

/**
 * Takes over a pass that a neighbouring run has finished: the same id means the same models, prompts, rule and code, so its texts
 * are not decoded again. Does nothing when this run has begun it itself.
 */
export async function findPass({
  folder,
  id,
  items,
}: {
  readonly folder: RunFolder
  readonly id: string
  /** Number of texts of a finished pass. */
  readonly items: number
}): Promise<void> {
  const own = folder.passFile(id)
  if ((await readPass(own)).length > 0) return
  const runs = dirname(folder.path)
  for (const name of await readdir(runs).catch(() => [])) {
    const entries = await readPass(new RunFolder(join(runs, name)).passFile(id)).catch(() => [])
    if (entries.length !== items) continue
    await writeAtomically(own, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''))
    return
  }
}

/** The texts of a pass that are finished; none when it was not begun. */
export function readPass(path: string): Promise<readonly TextEntry[]> {
  return readCheckpoint(path, (line) => textEntrySchema.parse(line))
}
