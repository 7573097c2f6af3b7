import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, readFile, realpath, rename, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { cacheFolder } from '../cache-folder.ts'

/** Hashing a smaller file takes less than 0.1 s, which is not worth a note. */
const LEAST_NOTED_BYTES = 2 ** 25

/** A file that changed just now could change again within the same tick of the file system's clock. */
const SETTLED_MS = 2_000

/**
 * SHA-256 of a file, hexadecimal. That of a large file is noted in the cache folder `digests` with its size, inode and times of
 * change, so that not every process of a cluster hashes a gigabyte.
 */
export async function digestFile(path: string, env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const real = await realpath(path)
  const state = await stateOf(real)
  if (state.bytes < LEAST_NOTED_BYTES) return hash(real)
  const note = join(cacheFolder('digests', env), `${createHash('sha256').update(real).digest('hex')}.txt`)
  const known = await readFile(note, 'utf8').catch(() => '')
  const [knownState, knownDigest] = known.split('\n')
  if (knownState === state.text && knownDigest !== undefined && /^[0-9a-f]{64}$/.test(knownDigest)) return knownDigest
  const digest = await hash(real)
  const isSettled = Date.now() - state.changedMs > SETTLED_MS && (await stateOf(real)).text === state.text
  if (isSettled) await write(note, `${state.text}\n${digest}\n`)
  return digest
}

/** SHA-256 over the names and contents of files, hexadecimal. */
export async function digestFiles(paths: readonly string[]): Promise<string> {
  const all = createHash('sha256')
  for (const path of paths) all.update(`${basename(path)}\0${await digestFile(path)}\n`)
  return all.digest('hex')
}

async function hash(path: string): Promise<string> {
  const sha256 = createHash('sha256')
  await pipeline(createReadStream(path, { highWaterMark: 2 ** 20 }), sha256)
  return sha256.digest('hex')
}

/** What changes with a file's content: no program but the system's own can set the time of its last change of state. */
async function stateOf(path: string) {
  const { size, ino, dev, mtimeNs, ctimeNs, ctimeMs } = await stat(path, { bigint: true })
  return { bytes: Number(size), changedMs: Number(ctimeMs), text: [size, dev, ino, mtimeNs, ctimeNs].join(' ') }
}

/** A note that cannot be written costs time and nothing else. */
async function write(path: string, text: string): Promise<void> {
  const draft = `${path}.${process.pid}`
  try {
    await mkdir(join(path, '..'), { recursive: true })
    await writeFile(draft, text)
    await rename(draft, path)
  } catch {}
}
