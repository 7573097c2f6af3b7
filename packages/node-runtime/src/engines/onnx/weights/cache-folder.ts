import { createHash } from 'node:crypto'
import { realpath, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, extname, join } from 'node:path'
import type { ModelSource } from '../../../models/model-source.ts'
import type { Precision } from '../../precision.ts'

/** Raised whenever the bytes of a section would come out differently. */
const LAYOUT_VERSION = 1

/** Converted weights lie in `DSD_CACHE`, or else in `$XDG_CACHE_HOME/dsd-lab`, outside any repository. */
export function cacheRoot(env: NodeJS.ProcessEnv = process.env): string {
  return env.DSD_CACHE || join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'dsd-lab')
}

/** Folder of the converted weights of a model; another one as soon as a weight file changes. */
export async function conversionFolder(model: ModelSource, precision: Precision): Promise<string> {
  const identity = await Promise.all(
    model.weightFiles.map(async ({ path }) => {
      const real = await realpath(path)
      const { size, mtimeMs } = await stat(real)
      return [real, size, mtimeMs]
    }),
  )
  const key = createHash('sha256')
    .update(JSON.stringify([LAYOUT_VERSION, identity]))
    .digest('hex')
    .slice(0, 16)
  const name = basename(model.ref, extname(model.ref)).replaceAll(/[^\w.-]/g, '_')
  return join(cacheRoot(), 'onnx', `${name}-${key}-${precision}`)
}
