import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { z } from 'zod'

const PACKAGE = 'onnxruntime-node'

/** Version of the optional package, or undefined where it is absent or has no binary for this processor. */
export function findOnnxRuntime(): string | undefined {
  try {
    const entry = createRequire(import.meta.url).resolve(PACKAGE)
    const dir = entry.slice(0, entry.lastIndexOf(PACKAGE) + PACKAGE.length)
    if (!existsSync(join(dir, 'bin', 'napi-v6', process.platform, process.arch))) return undefined
    return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8'))).version
  } catch {
    return undefined
  }
}
