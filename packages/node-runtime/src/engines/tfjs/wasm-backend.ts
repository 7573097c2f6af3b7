import { createRequire } from 'node:module'
import { dirname, join, sep } from 'node:path'
import { DsdError } from '@dsd-lab/core'
import type { TensorBackend } from './tensor-backend.ts'

/** XNNPACK's product of 128-bit lanes takes four rows at a time, and three rows cost it as much as four. */
const XNNPACK_ROW_TILE = 4

/** The heap's largest size, set when the package's binary was built, and what rows, scores and logits need of it. */
const HEAP_BYTES = 2 ** 32
const WORKING_BYTES = 2 ** 28

/** Starts tfjs on WebAssembly with 128-bit lanes, from the binary inside the package; no network. */
export async function startWasm(): Promise<TensorBackend> {
  const { default: tf } = await import('@tensorflow/tfjs-core')
  const { default: wasm } = await import('@tensorflow/tfjs-backend-wasm')
  tf.enableProdMode()
  const manifest = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json')
  if (tf.findBackend('wasm') === null) wasm.setWasmPaths(join(dirname(manifest), 'dist') + sep)
  if (!(await withoutNewFailureListeners(() => tf.setBackend('wasm')))) {
    throw new DsdError('WebAssembly could not be started', {
      kind: 'environment',
      where: 'engine tfjs-wasm',
      fix: 'use Node 20.19 or later, or the engine tfjs-cpu',
    })
  }
  const simd = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT')
  return {
    name: 'tfjs-wasm',
    tf,
    backendName: 'wasm',
    versions: { '@tensorflow/tfjs-core': tf.version_core, '@tensorflow/tfjs-backend-wasm': wasm.version_wasm },
    threads: wasm.getThreadsCount(),
    device: simd ? 'WebAssembly SIMD' : 'WebAssembly',
    rowTile: XNNPACK_ROW_TILE,
    capacityBytes: HEAP_BYTES - WORKING_BYTES,
  }
}

/** Runs a loader that rethrows every failure of the process with its own source as the message, and takes that back. */
async function withoutNewFailureListeners<T>(load: () => Promise<T>): Promise<T> {
  const uncaught = process.listeners('uncaughtException')
  const unhandled = process.listeners('unhandledRejection')
  const loaded = await load()
  for (const listener of process.listeners('uncaughtException')) {
    if (!uncaught.includes(listener)) process.removeListener('uncaughtException', listener)
  }
  for (const listener of process.listeners('unhandledRejection')) {
    if (!unhandled.includes(listener)) process.removeListener('unhandledRejection', listener)
  }
  return loaded
}
