import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { DsdError } from '@dsd-lab/core'
import { z } from 'zod'

/** What the engine uses of onnxruntime; the package is optional and loaded when it is needed. */
export type OnnxRuntime = Pick<typeof import('onnxruntime-node'), 'InferenceSession' | 'Tensor'>

const PACKAGE = 'onnxruntime-node'
const local = createRequire(import.meta.url)

/** Version of the package, or undefined where it is absent or has no binary for this processor. */
export function findOnnxRuntime(): string | undefined {
  try {
    const entry = local.resolve(PACKAGE)
    const dir = entry.slice(0, entry.lastIndexOf(PACKAGE) + PACKAGE.length)
    if (!existsSync(join(dir, 'bin', 'napi-v6', process.platform, process.arch))) return undefined
    return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8'))).version
  } catch {
    return undefined
  }
}

/** @throws DsdError when the package is absent or its binary cannot be loaded */
export function loadOnnxRuntime(): OnnxRuntime {
  try {
    return local(PACKAGE)
  } catch (cause) {
    throw new DsdError('onnxruntime-node cannot be loaded', {
      kind: 'environment',
      where: 'engine onnx',
      fix: 'install it (pnpm add onnxruntime-node), or use engine tfjs-wasm',
      cause,
    })
  }
}
