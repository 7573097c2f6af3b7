import type { EngineName } from '../shard-engine.ts'
import { startCpu } from './cpu-backend.ts'
import { startNative } from './native-backend.ts'
import type { TensorBackend } from './tensor-backend.ts'
import { startWasm } from './wasm-backend.ts'

const starters: Readonly<Record<EngineName, () => Promise<TensorBackend>>> = {
  'tfjs-node-gpu': () => startNative('tfjs-node-gpu'),
  'tfjs-node': () => startNative('tfjs-node'),
  'tfjs-wasm': startWasm,
  'tfjs-cpu': startCpu,
}

/** @throws DsdError when the engine is not available here */
export const startBackend = (name: EngineName): Promise<TensorBackend> => starters[name]()
