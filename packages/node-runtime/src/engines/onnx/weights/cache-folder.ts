import { createHash } from 'node:crypto'
import { realpath, stat } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { cacheFolder } from '../../../cache-folder.ts'
import type { ModelSource } from '../../../models/model-source.ts'
import type { Precision } from '../../precision.ts'

/** Raised whenever the bytes of a section would come out differently. */
const LAYOUT_VERSION = 1

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
  const name = basename(model.path, extname(model.path)).replaceAll(/[^\w.-]/g, '_')
  return join(cacheFolder('onnx'), `${name}-${key}-${precision}`)
}
