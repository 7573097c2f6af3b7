import { existsSync } from 'node:fs'
import { DsdError } from '@dsd-lab/core'
import type { ModelSource } from '../models/model-source.ts'
import { findOnnxRuntime } from './onnx/onnx-package.ts'
import type { Precision } from './precision.ts'
import { ENGINE_NAMES, type EngineName } from './shard-engine.ts'
import { findNativePackage } from './tfjs/native-package.ts'

export interface EngineRequest {
  /** A name, or `auto`. Default: the environment variable `DSD_ENGINE`, else `auto`. */
  readonly prefer?: EngineName | 'auto' | undefined
  /** Decides what `auto` means: small models run fastest on WebAssembly, large ones on native code. */
  readonly model?: Pick<ModelSource, 'parameters'>
  /** Of the matrices; any but `f32` is what only `onnx` has. */
  readonly precision?: Precision | undefined
  /** Default: `process.env` */
  readonly env?: NodeJS.ProcessEnv
  /** Which engines can be started. Default: `isAvailable`. */
  readonly isSetUp?: (name: EngineName) => boolean
  /** Is there a CUDA device? The GPU engine runs without one too, slowly. Default: looked up. */
  readonly hasGpu?: boolean
}

export interface EngineChoice {
  readonly name: EngineName
  /** Why this one, for the log. */
  readonly reason: string
  /** How to get a faster one that is not set up here. */
  readonly advice?: string
}

/** Up to here one call into a native library costs more than the arithmetic it saves. */
const LARGEST_SMALL_MODEL = 20_000_000

const FOR_LARGE_MODELS = [
  'onnx',
  'tfjs-node-gpu',
  'tfjs-node',
  'tfjs-wasm',
  'tfjs-cpu',
] as const satisfies readonly EngineName[]
const FOR_SMALL_MODELS = ['tfjs-wasm', 'tfjs-cpu'] as const satisfies readonly EngineName[]

const NATIVE_ADVICE = 'run pnpm setup:native (with --gpu for CUDA) to get it'
const ONNX_ADVICE = 'install the optional package onnxruntime-node to get it'

/**
 * Chooses an engine. A native add-on that is missing is never an error: the next best is taken, and `advice` says how to get it.
 *
 * @throws DsdError when `DSD_ENGINE` is no engine
 */
export function selectEngine(request: EngineRequest = {}): EngineChoice {
  const { prefer, model, precision, env = process.env, isSetUp = (name) => isAvailable(name, env) } = request
  const { hasGpu = findGpu() } = request
  const wanted = prefer ?? fromEnvironment(env)
  const first = (names: readonly EngineName[]): EngineName => names.find(isSetUp) ?? 'tfjs-cpu'
  if (wanted !== 'auto') {
    if (isSetUp(wanted)) return { name: wanted, reason: 'asked for' }
    const advice = wanted === 'onnx' ? ONNX_ADVICE : NATIVE_ADVICE
    return { name: first(FOR_LARGE_MODELS), reason: `${wanted} is not set up here`, advice }
  }
  if (precision !== undefined && precision !== 'f32' && isSetUp('onnx')) {
    return { name: 'onnx', reason: `the one that computes with ${precision} weights` }
  }
  if (model !== undefined && model.parameters > LARGEST_SMALL_MODEL) {
    const name = hasGpu && isSetUp('tfjs-node-gpu') ? 'tfjs-node-gpu' : first(FOR_LARGE_MODELS)
    const reason = 'the fastest set up here for a large model'
    return isNative(name) ? { name, reason } : { name, reason, advice: `onnx is faster: ${ONNX_ADVICE}` }
  }
  return { name: first(FOR_SMALL_MODELS), reason: 'the fastest for a small model' }
}

/** The driver makes it; elsewhere than on Linux whoever set the GPU engine up is believed. */
const findGpu = (): boolean => process.platform !== 'linux' || existsSync('/dev/nvidia0')

const isNative = (name: EngineName): boolean => name === 'onnx' || name.startsWith('tfjs-node')

/** True iff the engine can be started here. */
export function isAvailable(name: EngineName, env: NodeJS.ProcessEnv = process.env): boolean {
  if (name === 'onnx') return findOnnxRuntime() !== undefined
  if (name === 'tfjs-node' || name === 'tfjs-node-gpu') return findNativePackage(name, env) !== undefined
  return name === 'tfjs-cpu' || typeof WebAssembly === 'object'
}

function fromEnvironment(env: NodeJS.ProcessEnv): EngineName | 'auto' {
  const value = env.DSD_ENGINE
  if (value === undefined || value === '' || value === 'auto') return 'auto'
  const name = ENGINE_NAMES.find((known) => known === value)
  if (name !== undefined) return name
  throw new DsdError(`no engine ${value}`, {
    kind: 'bad-input',
    where: 'DSD_ENGINE',
    fix: `use one of ${['auto', ...ENGINE_NAMES].join(', ')}`,
  })
}
