import { getLlama, type Token } from 'node-llama-cpp'
import type { Contender, ContenderRequest } from './contender.ts'

/** llama.cpp, as node-llama-cpp's prebuilt CPU binary. */
export async function llamaContender({ model: modelPath, threads, positions }: ContenderRequest): Promise<Contender> {
  const llama = await getLlama({
    gpu: false,
    build: 'never',
    skipDownload: true,
    progressLogs: false,
    maxThreads: threads,
  })
  const model = await llama.loadModel({ modelPath })
  const context = await model.createContext({ contextSize: positions, threads, batchSize: 512 })
  withoutSampler(context)
  const sequence = context.getSequence()
  const evaluate = async (start: number, ids: readonly number[], logitsFrom: number): Promise<void> => {
    if (sequence.nextTokenIndex > start)
      await sequence.eraseContextTokenRanges([{ start, end: sequence.nextTokenIndex }])
    await sequence.controlledEvaluate(
      ids.map((id, row) => (row < logitsFrom ? tokenOf(id) : [tokenOf(id), { generateNext: { token: true } }])),
    )
  }
  return {
    name: 'llama.cpp',
    window: (start, ids) => evaluate(start, ids, 0),
    prefill: (ids) => evaluate(0, ids, ids.length - 1),
  }
}

/** The package brands its ids. */
const tokenOf = (id: number): Token => id as Token

/** It gives no logits without sampling from them; only the forward pass is compared, so the sampler does nothing here. */
function withoutSampler(context: object): void {
  const native: unknown = Reflect.get(context, '_ctx')
  if (typeof native !== 'object' || native === null || !('sampleToken' in native)) {
    throw new Error('this version of node-llama-cpp keeps its native context elsewhere')
  }
  const bare = new Proxy(native, {
    get(target, key) {
      if (key === 'sampleToken') return async () => [0]
      const value: unknown = Reflect.get(target, key)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  Reflect.set(context, '_ctx', bare)
}
