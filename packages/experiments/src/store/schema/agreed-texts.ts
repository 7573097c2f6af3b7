import { DsdError, traceEventSchema } from '@dsd-lab/core'
import { z } from 'zod'
import { count } from './fields.ts'
import type { Manifest } from './manifest.ts'

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

/** A file of JSON lines. */
export interface LinesFile {
  readonly path: string
  readonly lines: AsyncIterable<string>
}

/**
 * What lossless windows of any size can be replayed from: of each task the first recorded pass, in the order of its texts. None where
 * nothing was recorded with drafts.
 *
 * @param open opens a file of the run folder, or says that it is not there
 * @throws DsdError `bad-input` naming file and line where a line is torn or not of this version.
 */
export async function readAgreedTexts(
  { tasks, decodings }: Pick<Manifest, 'tasks' | 'decodings'>,
  open: (file: string) => LinesFile | undefined,
): Promise<AgreedText[]> {
  const kept = open(AGREED_TEXTS_FILE)
  if (kept !== undefined) return readTexts(kept, (line) => agreedTextSchema.parse(line))
  const texts: AgreedText[] = []
  for (const { name: task } of tasks) {
    const passes = new Set(decodings.filter((decoding) => decoding.task === task).map(({ pass }) => pass))
    for (const pass of passes) {
      const file = pass === undefined ? undefined : open(`passes/${pass}.jsonl`)
      const found =
        file === undefined ? [] : await readTexts(file, (line) => agreedText(task, recordedTextSchema.parse(line)))
      texts.push(...found.sort((a, b) => a.sequence - b.sequence))
      if (found.length > 0) break
    }
  }
  return texts
}

/** Undefined where the text was decoded under a rule: it tells nothing of other windows. */
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

/** All texts of a file; none as soon as one is undefined. */
async function readTexts(
  { path, lines }: LinesFile,
  parse: (line: unknown) => AgreedText | undefined,
): Promise<AgreedText[]> {
  const texts: AgreedText[] = []
  for await (const line of lines) {
    const text = parsed(() => parse(JSON.parse(line)), `${path}:${texts.length + 1}`)
    if (text === undefined) return []
    texts.push(text)
  }
  return texts
}

function parsed<T>(parse: () => T, where: string): T {
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
