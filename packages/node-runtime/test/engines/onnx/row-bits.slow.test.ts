import { beforeAll, describe, expect, it } from 'vitest'
import { placeLayers } from '../../../src/cluster/place-layers.ts'
import { loadShard } from '../../../src/engines/load-shard.ts'
import { type ModelSource, openModel } from '../../../src/models/model-source.ts'
import { chainOf } from '../chain-of-shards.ts'

/** A real model: `DSD_TEST_MODEL=/path/to/model.gguf pnpm test:slow row-bits` */
const path = process.env.DSD_TEST_MODEL

const PROMPT = 96
const WINDOWS = Array.from({ length: 17 }, (_, i) => i + 1)

describe.each([1, 2, 4])('row bits over %i shards', (nodes) => {
  let model: ModelSource
  beforeAll(async () => {
    if (path === undefined) throw new Error('set DSD_TEST_MODEL to the path of a GGUF file or model folder')
    model = await openModel(path)
  })

  it('are those of one shard and one window, for every window and every cut of the prompt', async () => {
    const ids = Array.from({ length: PROMPT }, (_, i) => (i * 7919 + 13) % model.config.vocabSize)
    const whole = await chainOver(model, 1)
    const expected = await whole.forward(0, ids)
    await whole.close()
    const chain = await chainOver(model, nodes)
    for (const window of [...WINDOWS, 32, 64, PROMPT]) {
      const differing: number[] = []
      for (let start = 0; start < PROMPT; start += window) {
        const logits = await chain.forward(start, ids.slice(start, start + window))
        const at = start * model.config.vocabSize
        if (!bytesOf(logits).equals(bytesOf(expected.subarray(at, at + logits.length)))) differing.push(start)
      }
      expect({ window, differing }).toEqual({ window, differing: [] })
    }
    await chain.close()
  })
})

const chainOver = async (model: ModelSource, nodes: number) =>
  chainOf(
    await Promise.all(
      placeLayers({ layers: model.config.layers, speeds: new Array<number>(nodes).fill(1) }).map((layers) =>
        loadShard({ model, engine: 'onnx', layers }),
      ),
    ),
  )

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength)
