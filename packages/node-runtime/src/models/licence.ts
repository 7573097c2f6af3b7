import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** `license` in the front matter of a folder's README.md, as `apache-2.0`; undefined where it does not say. */
export async function folderLicence(dir: string): Promise<string | undefined> {
  const readme = await readFile(join(dir, 'README.md'), 'utf8').catch(() => '')
  const [, frontMatter = ''] = /^---\r?\n([\s\S]*?)\r?\n---/.exec(readme) ?? []
  const [, licence] = /^license:\s*["']?([\w.+-]+)/m.exec(frontMatter) ?? []
  return licence
}
