import { DsdError } from '@dsd-lab/core'
import type { ModelSource } from '../models/model-source.ts'
import { ENGINE_NAMES, type EngineName } from './shard-engine.ts'
import { findNativePackage } from './tfjs/native-package.ts'

export interface EngineRequest {
  /** A name, or `auto`. Default: the environment variable `DSD_ENGINE`, else `auto`. */
  readonly prefer?: EngineName | 'auto' | undefined
  /** Decides what `auto` means: small models run fastest on WebAssembly, large ones on TensorFlow. */
  readonly model?: Pick<ModelSource, 'parameters'>
  /** Default: `process.env` */
  readonly env?: NodeJS.ProcessEnv
}

export interface EngineChoice {
  readonly name: EngineName
  /** Why this one, for the log. */
  readonly reason: string
  /** How to get a faster one that is not set up here. */
  readonly advice?: string
}

/** Up to here one call into TensorFlow costs more than the arithmetic it saves. */
const LARGEST_SMALL_MODEL = 20_000_000

const FOR_LARGE_MODELS = [
  'tfjs-node-gpu',
  'tfjs-node',
  'tfjs-wasm',
  'tfjs-cpu',
] as const satisfies readonly EngineName[]
const FOR_SMALL_MODELS = ['tfjs-wasm', 'tfjs-cpu'] as const satisfies readonly EngineName[]

const ADVICE = 'run pnpm setup:native (with --gpu for CUDA) to get it'

/**
 * Chooses an engine. A native add-on that is missing is never an error: the next best is taken, and `advice` says how to get it.
 *
 * @throws DsdError when `DSD_ENGINE` is no engine
 */
export function selectEngine({ prefer, model, env = process.env }: EngineRequest = {}): EngineChoice {
  const wanted = prefer ?? fromEnvironment(env)
  if (wanted !== 'auto') {
    if (isAvailable(wanted, env)) return { name: wanted, reason: 'asked for' }
    return { name: firstAvailable(FOR_LARGE_MODELS, env), reason: `${wanted} is not set up here`, advice: ADVICE }
  }
  if (model !== undefined && model.parameters > LARGEST_SMALL_MODEL) {
    const name = firstAvailable(FOR_LARGE_MODELS, env)
    const reason = 'the fastest set up here for a large model'
    return name.startsWith('tfjs-node') ? { name, reason } : { name, reason, advice: `tfjs-node is faster: ${ADVICE}` }
  }
  return { name: firstAvailable(FOR_SMALL_MODELS, env), reason: 'the fastest for a small model' }
}

const firstAvailable = (names: readonly EngineName[], env: NodeJS.ProcessEnv): EngineName =>
  names.find((name) => isAvailable(name, env)) ?? 'tfjs-cpu'

/** True iff the engine can be started here. */
export function isAvailable(name: EngineName, env: NodeJS.ProcessEnv = process.env): boolean {
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
