import { createReadStream, existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { LinesFile } from './schema.ts'

/** A file, line by line, never whole in memory; undefined when it is not there. */
export function openLines(path: string): LinesFile | undefined {
  return existsSync(path) ? { path, lines: linesOf(path) } : undefined
}

async function* linesOf(path: string): AsyncGenerator<string, void, undefined> {
  const stream = createReadStream(path)
  try {
    yield* createInterface({ input: stream })
  } finally {
    stream.destroy()
  }
}
