import { loadModel } from '@dsd-lab/node-runtime'
import type { Contender, ContenderRequest } from './contender.ts'

/** Our engine on the same file. `DSD_THREADS` is set by whoever starts the process. */
export async function onnxContender({ model }: ContenderRequest): Promise<Contender> {
  const shard = await loadModel({ model, engine: 'onnx' })
  const session = shard.openSession()
  return {
    name: 'onnx',
    async window(start, ids) {
      await session.forward({ start, input: { kind: 'ids', ids } })
    },
    async prefill(ids) {
      await session.forward({ start: 0, input: { kind: 'ids', ids }, logitsFrom: ids.length - 1 })
    },
  }
}
