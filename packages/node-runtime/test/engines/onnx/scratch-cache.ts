import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'

/** Converted weights of a test file go to a folder that ends with it. Call it at the top of the file. */
export function scratchCache(): { readonly dir: string } {
  const scratch = { dir: '' }
  const before = process.env.DSD_CACHE
  beforeAll(async () => {
    scratch.dir = await mkdtemp(join(tmpdir(), 'dsd-onnx-'))
    process.env.DSD_CACHE = scratch.dir
  })
  afterAll(async () => {
    if (before === undefined) delete process.env.DSD_CACHE
    else process.env.DSD_CACHE = before
    await rm(scratch.dir, { recursive: true })
  })
  return scratch
}
