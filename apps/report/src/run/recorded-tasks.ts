import { createReadStream, existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type LinesFile, readAgreedTexts } from '@dsd-lab/experiments/schema'
import type { RecordedTask } from '../what-if/recorded-task.ts'
import type { RunRecord } from './run-folder.ts'

/** Texts that a page replays: enough for steady means, few enough to redraw while a slider moves. */
const MOST_ANSWERS = 40

/**
 * What lossless windows of any size can be replayed from, task by task; none where nothing was recorded with drafts.
 *
 * @throws DsdError naming file and line where a line is torn or not of this version.
 */
export async function readRecordedTasks({
  folder,
  manifest,
}: Pick<RunRecord, 'folder' | 'manifest'>): Promise<RecordedTask[]> {
  const texts = await readAgreedTexts(manifest, (file) => openLines(join(folder, file)))
  return manifest.tasks.flatMap(({ name, items }): RecordedTask[] => {
    const own = texts.filter(({ task }) => task === name).slice(0, MOST_ANSWERS)
    const answers = own.map(({ task: _, item: __, ...answer }) => answer)
    return answers.length === 0 ? [] : [{ task: name, recorded: items, answers }]
  })
}

function openLines(path: string): LinesFile | undefined {
  return existsSync(path) ? { path, lines: linesOf(path) } : undefined
}

async function* linesOf(path: string): AsyncGenerator<string, void, undefined> {
  const stream = createReadStream(path)
  try {
    yield* createInterface({ input: stream })
  } finally {
    // Whoever stops early leaves no open file behind.
    stream.destroy()
  }
}
