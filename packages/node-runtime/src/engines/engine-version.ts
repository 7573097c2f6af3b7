import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { z } from 'zod'
import { findOnnxRuntime } from './onnx/onnx-package.ts'
import type { EngineName } from './shard-engine.ts'

/** Version of the library that an engine computes with, without loading it; every tfjs backend has that of tfjs-core. */
export function engineVersion(name: EngineName): string {
  if (name === 'onnx') return findOnnxRuntime() ?? 'absent'
  const manifest = createRequire(import.meta.url).resolve('@tensorflow/tfjs-core/package.json')
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(manifest, 'utf8'))).version
}
