import { createReadStream, existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DsdError, traceEventSchema } from '@dsd-lab/core'
import { z } from 'zod'
import type { Manifest } from './schema.ts'

const count = z.number().int().nonnegative()

/** One recorded text, as much of it as decides rounds: where the draft model said what the target says. */
export const agreedTextSchema = z.object({
  task: z.string(),
  item: z.string(),
  /** Index of the text in its task; keys jitter and loss. */
  sequence: count,
  promptTokens: count,
  /** Largest total length, prompt included. */
  maxLength: count,
  /** What the session's opening adds to the first window. */
  openingBytes: count,
  /** `1` where the draft is the text's own token, else `0`. `[text]` */
  matches: z.string().regex(/^[01]+$/),
})

export type AgreedText = z.infer<typeof agreedTextSchema>

/** In a run folder that was unpacked from evidence, which keeps no recorded passes. */
export const AGREED_TEXTS_FILE = 'agreement.jsonl'

const recordedTextSchema = z.object({
  item: z.string(),
  sequence: count,
  promptTokens: count,
  maxLength: count,
  events: z.array(traceEventSchema),
  drafts: z.array(count).nullable(),
})

/**
 * What lossless windows of any size can be replayed from: of each task the first recorded pass, in the order of its texts. None where
 * nothing was recorded with drafts.
 *
 * @throws DsdError `bad-input` naming file and line where a line is torn or not of this version.
 */
export async function readAgreedTexts({
  folder,
  manifest: { tasks, decodings },
}: {
  readonly folder: string
  readonly manifest: Pick<Manifest, 'tasks' | 'decodings'>
}): Promise<AgreedText[]> {
  const kept = join(folder, AGREED_TEXTS_FILE)
  if (existsSync(kept)) return readLines(kept, (line) => agreedTextSchema.parse(line))
  const texts: AgreedText[] = []
  for (const { name: task } of tasks) {
    const passes = new Set(decodings.filter((decoding) => decoding.task === task).map(({ pass }) => pass))
    for (const pass of passes) {
      const path = join(folder, 'passes', `${pass}.jsonl`)
      const found = pass === undefined || !existsSync(path) ? [] : await readPassed(path, task)
      texts.push(...found)
      if (found.length > 0) break
    }
  }
  return texts
}

/** None where the pass was decoded under a rule: it tells nothing of other windows. */
async function readPassed(path: string, task: string): Promise<AgreedText[]> {
  const texts = await readLines(path, (line) => agreedText(task, recordedTextSchema.parse(line)))
  return texts.filter((text) => text !== undefined).sort((a, b) => a.sequence - b.sequence)
}

function agreedText(
  task: string,
  { events, drafts, ...text }: z.infer<typeof recordedTextSchema>,
): AgreedText | undefined {
  if (drafts === null) return undefined
  const tokens = events.flatMap((event) => (event.type === 'commit' ? event.tokens : []))
  const first = events.find((event) => event.type === 'round')
  return {
    task,
    ...text,
    openingBytes: first?.extraBytes ?? 0,
    matches: tokens.map((token, place) => (token === drafts[place] ? '1' : '0')).join(''),
  }
}

async function readLines<T>(path: string, parse: (line: unknown) => T): Promise<T[]> {
  const values: T[] = []
  const stream = createReadStream(path)
  try {
    for await (const line of createInterface({ input: stream })) {
      values.push(parseLine(() => parse(JSON.parse(line)), `${path}:${values.length + 1}`))
    }
  } finally {
    stream.destroy()
  }
  return values
}

function parseLine<T>(parse: () => T, where: string): T {
  try {
    return parse()
  } catch (cause) {
    throw new DsdError('is not a recorded text', {
      kind: 'bad-input',
      where,
      fix: 'delete the file and do without what is replayed from it, or run the experiment in another folder',
      cause,
    })
  }
}
