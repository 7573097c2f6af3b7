import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

/** Digest of a module and of the files that it imports by relative path, hex. What it imports from packages does not count. */
export async function sourceDigest(file: string): Promise<string> {
  const hash = createHash('sha256')
  const seen = new Set<string>()
  const add = async (path: string): Promise<void> => {
    if (seen.has(path)) return
    seen.add(path)
    const source = await readFile(path, 'utf8')
    hash.update(source).update('\0')
    for (const [, relative = ''] of source.matchAll(/\bfrom\s+['"](\.[^'"]+)['"]/g)) {
      const imported = await firstReadable(
        [relative, `${relative}.ts`, relative.replace(/\.js$/, '.ts')].map((name) => resolve(dirname(path), name)),
      )
      if (imported !== undefined) await add(imported)
    }
  }
  await add(file)
  return hash.digest('hex')
}

async function firstReadable(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const readable = await readFile(path).then(
      () => true,
      () => false,
    )
    if (readable) return path
  }
  return undefined
}
