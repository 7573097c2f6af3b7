import { existsSync, readdirSync, readlinkSync } from 'node:fs'
import { truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { loadDrafter } from '../../src/engines/load-drafter.ts'
import { loadModel, loadShard } from '../../src/engines/load-shard.ts'
import { openModel } from '../../src/models/model-source.ts'
import { storedBytes } from '../../src/models/stored-bytes.ts'
import { randomLlama } from '../models/random-llama.ts'
import { scratchCache } from './onnx/scratch-cache.ts'

const OPEN_FILES = '/proc/self/fd'

scratchCache()

const gguf = fileURLToPath(new URL('../weights/gguf/fixtures/tiny-qwen2.gguf', import.meta.url))

// A handle that is never closed is closed by the garbage collector, which says so on the terminal, and later ends the process for it.
describe.skipIf(!existsSync(OPEN_FILES))('files of a model', () => {
  it.each(['onnx', 'tfjs-cpu'] as const)('are closed when a shard on %s is disposed', async (engine) => {
    await using folder = await randomLlama({ files: 2 })
    for (const path of [gguf, folder.dir]) {
      await (await loadModel({ model: path, engine }))[Symbol.asyncDispose]()
      await (await loadDrafter({ model: path, engine }))[Symbol.asyncDispose]()
      expect(openBelow(path)).toEqual([])
    }
  })

  it('are open on onnx for the rows of the embedding alone', async () => {
    const model = await openModel(gguf)
    const last = model.config.layers - 1
    await using tail = await loadShard({ model, engine: 'onnx', layers: { from: last, to: last + 1 } })
    expect([tail.tail, openBelow(gguf)]).toEqual([true, []])
    const head = await loadShard({ model, engine: 'onnx', layers: { from: 0, to: 1 } })
    expect(openBelow(gguf)).toEqual([gguf])
    await head[Symbol.asyncDispose]()
    expect(openBelow(gguf)).toEqual([])
  })

  it('are closed after reading digest and sizes, and when the file has no tokenizer', async () => {
    const model = await openModel(gguf)
    await Promise.all([model.digest(), storedBytes(model)])
    await expect(model.tokenizer()).rejects.toThrow('no tokenizer')
    expect(openBelow(gguf)).toEqual([])
  })

  it.each(['onnx', 'tfjs-cpu'] as const)('are closed when %s cannot load them', async (engine) => {
    await using folder = await randomLlama({ files: 2 })
    const model = await openModel(folder.dir)
    await truncate(join(folder.dir, 'model-00002-of-00002.safetensors'), 4000)
    await expect(loadModel({ model, engine })).rejects.toThrow()
    expect(openBelow(folder.dir)).toEqual([])
  })
})

/** Files that this process has open, at a path or below it. */
function openBelow(path: string): string[] {
  return readdirSync(OPEN_FILES).flatMap((fd) => {
    try {
      const target = readlinkSync(join(OPEN_FILES, fd))
      return target === path || target.startsWith(`${path}/`) ? [target] : []
    } catch {
      return []
    }
  })
}
