import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { open, readdir, readFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { RunRecord } from '../run/run-folder.ts'
import type { NotebookBundle } from './bundle-cache.ts'

/** Everything that a run's pages are made from, so that pages of the same key need not be made again. */
export interface PageSource {
  readonly record: RunRecord
  /** Of the run's page, and of the page beside it that replays its texts. */
  readonly bundles: readonly NotebookBundle[]
  /** Of `sourceKey`. */
  readonly code: string
}

/** Cells and decodings count by the manifest that lists them: their ids are digests of what determines them. */
export function pageKey({ record: { manifest, summary, live }, bundles, code }: PageSource): string {
  return digest(JSON.stringify([manifest, summary, live, bundles, code]))
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

/** What a page says of its own making; it stands at the head of the page. */
export interface PageStamp {
  /** Of `pageKey`. */
  readonly key: string
  /** Files that the page cannot do without, relative to it. */
  readonly needs: readonly string[]
}

/** The stamp as tags of the page's head. */
export function stampTags({ key, needs }: PageStamp): string {
  return `<meta name="page-key" content="${key}"><meta name="page-needs" content="${needs.map(encodeURI).join(' ')}">`
}

/** True when the page is there, was made with this key, and still has the files that it needs. */
export async function isCurrent({ path, key }: { readonly path: string; readonly key: string }): Promise<boolean> {
  if (!existsSync(path)) return false
  await using page = await open(path)
  const { buffer, bytesRead } = await page.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
  const head = buffer.toString('utf8', 0, bytesRead)
  const [, needs] = stamp.exec(head.slice(head.indexOf(`<meta name="page-key" content="${key}">`))) ?? []
  if (needs === undefined) return false
  return needs.split(' ').every((file) => existsSync(join(dirname(path), decodeURI(file))))
}

const stamp = /^<meta name="page-key" content="\w+"><meta name="page-needs" content="([^"]*)">/

/** A page whose stamp is longer is made again every time. */
const HEAD_BYTES = 65_536

const digest = (text: string): string => createHash('sha256').update(text).digest('hex')
