import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { DsdError } from '@dsd-lab/core'
import type tfjs from '@tensorflow/tfjs-core'
import { findNativePackage, type NativeName } from './native-package.ts'
import type { TensorBackend } from './tensor-backend.ts'

/** Starts tfjs on TensorFlow itself, from the package that `pnpm setup:native` built. */
export async function startNative(name: NativeName): Promise<TensorBackend> {
  const found = findNativePackage(name)
  const failed = (message: string, cause?: unknown): DsdError =>
    new DsdError(message, { kind: 'environment', where: `engine ${name}`, fix: 'run pnpm setup:native', cause })
  if (found === undefined) throw failed('the native add-on is not set up')
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2'
  const require = createRequire(join(found.dir, 'package.json'))
  restoreRemovedChecks(require('node:util'))
  let tf: typeof tfjs
  try {
    tf = require(found.dir)
  } catch (cause) {
    throw failed('the native add-on does not load', cause)
  }
  tf.enableProdMode()
  await tf.setBackend('tensorflow')
  const backend = tf.backend()
  const binding: unknown = Reflect.get(backend, 'binding')
  const isOnGpu: unknown = Reflect.get(backend, 'isUsingGpuDevice')
  return {
    name,
    tf,
    backendName: 'tensorflow',
    versions: {
      [`@tensorflow/${name}`]: found.version,
      '@tensorflow/tfjs-core': tf.version_core,
      tensorflow: String(
        typeof binding === 'object' && binding !== null ? Reflect.get(binding, 'TF_Version') : 'unknown',
      ),
    },
    threads: Number(process.env.TF_NUM_INTRAOP_THREADS) || availableParallelism(),
    device: isOnGpu === true ? 'GPU' : 'CPU',
    rowTile: undefined,
    capacityBytes: undefined,
  }
}

/** Node 23 removed two long deprecated functions that the packages still call. */
function restoreRemovedChecks(util: { isNullOrUndefined?: unknown; isArray?: unknown }): void {
  util.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined
  util.isArray ??= Array.isArray
}
