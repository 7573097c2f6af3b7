import { describe, expect, it } from 'vitest'
import { ShardWorker } from '../../../src/engines/onnx/session/shard-worker.ts'

const setup = () => ({
  graph: new Uint8Array(4),
  dir: '.',
  threads: 1,
  spinUs: 0,
  cores: [],
  background: false,
  layers: 1,
  kvHeads: 1,
  headDim: 4,
  hiddenSize: 4,
  vocabSize: 8,
  tail: true,
  frequencies: undefined,
})
const job = { start: 0, hidden: new Float32Array(4), rows: 1, logitsFrom: 0 }
const script = (source: string) => new URL(`data:text/javascript,${encodeURIComponent(source)}`)
const readyThenDead = script(`
  import { parentPort } from 'node:worker_threads'
  parentPort.on('message', () => process.exit(3))
  parentPort.postMessage({ kind: 'ready' })
`)
const gone = { kind: 'environment', line: 'engine onnx: the thread of the onnx engine has ended; load the shard again' }

describe('the thread of a shard', () => {
  it('fails the pass that it dies in, and every later one at once', async () => {
    const worker = await ShardWorker.start(setup(), readyThenDead)
    await expect(worker.forward(0, job)).rejects.toMatchObject(gone)
    await expect(worker.forward(0, job)).rejects.toMatchObject(gone)
  })

  it('fails the passes after its owner has ended it', async () => {
    const worker = await ShardWorker.start(setup(), readyThenDead)
    await worker.terminate()
    await expect(worker.forward(0, job)).rejects.toMatchObject(gone)
  })

  it('that ends without a word is no start', async () => {
    await expect(ShardWorker.start(setup(), script('process.exit(5)'))).rejects.toMatchObject({
      kind: 'environment',
      message: 'the thread of the onnx engine ended with code 5 before it was ready',
    })
  })

  it('that throws while it starts is no start, and says why', async () => {
    await expect(ShardWorker.start(setup(), script("throw new Error('no library')"))).rejects.toMatchObject({
      message: 'the thread of the onnx engine failed',
      cause: expect.objectContaining({ message: 'no library' }),
    })
  })
})
