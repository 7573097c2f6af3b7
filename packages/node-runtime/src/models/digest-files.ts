import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { basename, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'

/**
 * SHA-256 over the names and contents of files, hexadecimal.
 *
 * @param files paths, taken relative to `dir`
 */
export async function digestFiles(dir: string, files: readonly string[]): Promise<string> {
  const all = createHash('sha256')
  for (const file of files) {
    const one = createHash('sha256')
    await pipeline(createReadStream(resolve(dir, file)), one)
    all.update(`${basename(file)}\0${one.digest('hex')}\n`)
  }
  return all.digest('hex')
}
