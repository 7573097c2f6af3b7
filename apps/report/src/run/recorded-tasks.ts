import { createReadStream, existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DsdError, traceEventSchema } from '@dsd-lab/core'
import { z } from 'zod'
import type { RecordedAnswer, RecordedTask } from '../what-if/recorded-task.ts'
import type { RunRecord } from './run-folder.ts'

/** Texts that a page replays: enough for steady means, few enough to redraw while a slider moves. */
const MOST_ANSWERS = 40

const count = z.number().int().nonnegative()
const recordedTextSchema = z.object({
  sequence: count,
  promptTokens: count,
  maxLength: count,
  events: z.array(traceEventSchema),
  drafts: z.array(count).nullable(),
})

/**
 * What lossless windows of any size can be replayed from, task by task; none where nothing was recorded with drafts.
 *
 * @throws DsdError naming file and line where a line is torn or not of this version.
 */
export async function readRecordedTasks({
  folder,
  manifest,
}: Pick<RunRecord, 'folder' | 'manifest'>): Promise<RecordedTask[]> {
  const plain = manifest.variants.filter(({ decode }) => decode === 'autoregressive').map(({ id }) => id)
  const tasks = await Promise.all(
    manifest.tasks.map(async ({ name, items }): Promise<RecordedTask[]> => {
      const decoding = manifest.decodings.find(({ variant, task }) => task === name && plain.includes(variant))
      const path = join(folder, 'passes', `${decoding?.pass}.jsonl`)
      if (decoding?.pass === undefined || !existsSync(path)) return []
      const answers = await readAnswers(path)
      return answers.length === 0 ? [] : [{ task: name, recorded: items, answers }]
    }),
  )
  return tasks.flat()
}

async function readAnswers(path: string): Promise<RecordedAnswer[]> {
  const answers: RecordedAnswer[] = []
  const stream = createReadStream(path)
  try {
    for await (const line of createInterface({ input: stream })) {
      const { events, drafts, ...text } = readText(line, `${path}:${answers.length + 1}`)
      if (drafts === null) return []
      const tokens = events.flatMap((event) => (event.type === 'commit' ? event.tokens : []))
      const first = events.find((event) => event.type === 'round')
      answers.push({
        sequence: text.sequence,
        promptTokens: text.promptTokens,
        maxLength: text.maxLength,
        matches: tokens.map((token, place) => (token === drafts[place] ? '1' : '0')).join(''),
        openingBytes: first?.extraBytes ?? 0,
      })
    }
  } finally {
    stream.destroy()
  }
  return answers.sort((a, b) => a.sequence - b.sequence).slice(0, MOST_ANSWERS)
}

function readText(line: string, where: string): z.infer<typeof recordedTextSchema> {
  try {
    return recordedTextSchema.parse(JSON.parse(line))
  } catch (cause) {
    throw new DsdError('is not a recorded text', {
      kind: 'bad-input',
      where,
      fix: 'delete the file to build the report without its what-if page, or run the experiment in another folder',
      cause,
    })
  }
}
