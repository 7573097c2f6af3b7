import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { writeAtomically } from '../store/atomic-write.ts'
import { readCheckpoint } from '../store/checkpoint.ts'
import { RunFolder } from '../store/run-folder.ts'
import { type TextEntry, textEntrySchema } from './decode/text-entry.ts'

/**
 * Takes over the texts of a pass that neighbouring runs have finished and this one has not: the same id means the same models, prompts,
 * rule and code, so they are not decoded again, whether those runs came to an end or were cut.
 */
export async function takeOverTexts({
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
  const texts = new Map((await readPass(own)).map((entry) => [entry.item, entry]))
  const begun = texts.size
  const runs = dirname(folder.path)
  for (const name of await readdir(runs).catch(() => [])) {
    if (texts.size === items) break
    const entries = await readPass(new RunFolder(join(runs, name)).passFile(id)).catch(() => [])
    for (const entry of entries) if (!texts.has(entry.item)) texts.set(entry.item, entry)
  }
  if (texts.size === begun) return
  await writeAtomically(own, [...texts.values()].map((entry) => `${JSON.stringify(entry)}\n`).join(''))
}

/** The texts of a pass that are finished; none when it was not begun. */
export function readPass(path: string): Promise<readonly TextEntry[]> {
  return readCheckpoint(path, (line) => textEntrySchema.parse(line))
}
