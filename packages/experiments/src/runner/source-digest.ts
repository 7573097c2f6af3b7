import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'

/**
 * Digest of a module and of every file that it imports by relative path, directly or not: statically, for its side effects, by a dynamic
 * import of a constant path, JSON included. Hex. What it imports from packages, or as a type only, does not count.
 *
 * @throws Error naming file and line of an import that cannot be read
 */
export async function sourceDigest(file: string): Promise<string> {
  const folder = dirname(resolve(file))
  const entry = basename(file)
  // Only experiments with code of their own need it.
  const { build } = await import('esbuild')
  const { metafile } = await build({
    absWorkingDir: folder,
    entryPoints: [`./${entry}`],
    bundle: true,
    packages: 'external',
    // What a package.json calls free of side effects runs all the same.
    ignoreAnnotations: true,
    loader: { '.node': 'empty', '.wasm': 'empty' },
    platform: 'node',
    format: 'esm',
    metafile: true,
    write: false,
    logLevel: 'silent',
  })
  const hash = createHash('sha256')
  hash.update(await readFile(file)).update('\0')
  for (const name of Object.keys(metafile.inputs).sort()) {
    if (name !== entry)
      hash
        .update(name)
        .update('\0')
        .update(await readFile(resolve(folder, name)))
        .update('\0')
  }
  return hash.digest('hex')
}
