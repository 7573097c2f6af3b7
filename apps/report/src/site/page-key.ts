import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { open, readdir, readFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { RunRecord } from '../run/run-folder.ts'
import type { NotebookBundle } from './bundle-cache.ts'

/** Everything that a run's page is made from, so that a page of the same key need not be made again. */
export interface PageSource {
  readonly record: RunRecord
  readonly bundle: NotebookBundle
  /** Of `sourceKey`. */
  readonly code: string
}

/** Cells and decodings count by the manifest that lists them: their ids are digests of what determines them. */
export function pageKey({ record: { manifest, summary, live }, bundle, code }: PageSource): string {
  return digest(JSON.stringify([manifest, summary, live, bundle, code]))
}

/** Digest of the source that makes pages: this package and core, whose arithmetic the figures show. */
export async function sourceKey(): Promise<string> {
  const rooms = [new URL('..', import.meta.url).href, new URL('.', import.meta.resolve('@dsd-lab/core')).href]
  const hash = createHash('sha256')
  for (const room of rooms.map((url) => fileURLToPath(url))) {
    const entries = await readdir(room, { recursive: true, withFileTypes: true })
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
    const contents = await Promise.all(files.sort().map(async (file) => [relative(room, file), await readFile(file)]))
    for (const [name = '', content = ''] of contents) hash.update(name).update('\0').update(content).update('\0')
  }
  return hash.digest('hex')
}

export const keyTag = (key: string): string => `<meta name="page-key" content="${key}">`

/** True when the page is there, was made with this key, and still has the files that it links to. */
export async function isCurrent({ path, key, needs }: CurrentRequest): Promise<boolean> {
  if (![path, ...needs.map((file) => join(dirname(path), file))].every((file) => existsSync(file))) return false
  await using page = await open(path)
  const { buffer, bytesRead } = await page.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
  return buffer.subarray(0, bytesRead).includes(keyTag(key))
}

interface CurrentRequest {
  readonly path: string
  readonly key: string
  /** Files that the page cannot do without, relative to it. */
  readonly needs: readonly string[]
}

const HEAD_BYTES = 4096

const digest = (text: string): string => createHash('sha256').update(text).digest('hex')
