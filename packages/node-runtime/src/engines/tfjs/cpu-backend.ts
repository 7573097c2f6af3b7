import type { TensorBackend } from './tensor-backend.ts'

/** Starts tfjs in plain JavaScript: slow, and needs nothing. */
export async function startCpu(): Promise<TensorBackend> {
  const { default: tf } = await import('@tensorflow/tfjs-core')
  const { default: cpu } = await import('@tensorflow/tfjs-backend-cpu')
  tf.enableProdMode()
  await tf.setBackend('cpu')
  return {
    name: 'tfjs-cpu',
    tf,
    backendName: 'cpu',
    versions: { '@tensorflow/tfjs-core': tf.version_core, '@tensorflow/tfjs-backend-cpu': cpu.version_cpu },
    threads: 1,
    device: 'JavaScript',
    rowTile: undefined,
    capacityBytes: undefined,
  }
}
