import type { EngineName } from '../shard-engine.ts'
import { startCpu } from './cpu-backend.ts'
import { startNative } from './native-backend.ts'
import type { TensorBackend } from './tensor-backend.ts'
import { startWasm } from './wasm-backend.ts'

/** The engines on tfjs. */
export type TfjsName = Exclude<EngineName, 'onnx'>

const starters: Readonly<Record<TfjsName, () => Promise<TensorBackend>>> = {
  'tfjs-node-gpu': () => startNative('tfjs-node-gpu'),
  'tfjs-node': () => startNative('tfjs-node'),
  'tfjs-wasm': startWasm,
  'tfjs-cpu': startCpu,
}

const started = new Map<TfjsName, Promise<TensorBackend>>()
let lastStart: Promise<unknown> = Promise.resolve()

/**
 * Starts an engine, once per process. Starts wait for each other, because the tensor package forgets a start that another
 * one overtakes.
 *
 * @throws DsdError when the engine is not available here
 */
export function startBackend(name: TfjsName): Promise<TensorBackend> {
  const known = started.get(name)
  if (known !== undefined) return known
  const start = lastStart.then(starters[name])
  started.set(name, start)
  lastStart = start.catch(() => started.delete(name))
  return start
}
