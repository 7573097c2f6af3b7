import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { conversionLines } from '../../../src/cli/conversion-lines.ts'
import { convertWeights } from '../../../src/engines/convert-weights.ts'
import { loadModel } from '../../../src/engines/load-shard.ts'
import type { ConversionProgress } from '../../../src/engines/onnx/weights/conversion-progress.ts'
import { listModels } from '../../../src/model-sources/list-models.ts'
import { removeModel } from '../../../src/model-sources/remove-model.ts'
import { openModel } from '../../../src/models/model-source.ts'
import { logitsOf } from '../chain-of-shards.ts'
import { scratchCache } from './scratch-cache.ts'

const scratch = scratchCache()
const fixture = fileURLToPath(new URL('../../weights/gguf/fixtures/tiny-qwen2.gguf', import.meta.url))
const ids = [3, 14, 15, 9, 26, 5]
const request = { model: fixture, engine: 'onnx' } as const

const room = () => join(scratch.dir, 'onnx')
afterEach(() => rm(room(), { recursive: true, force: true }))

async function convertedFiles(): Promise<string[]> {
  const [folder, ...others] = await readdir(room()).catch(() => [])
  if (folder === undefined) return []
  expect(others).toEqual([])
  return (await readdir(join(room(), folder))).sort()
}

const whole = async (): Promise<string[]> => {
  const { config } = await openModel(fixture)
  return ['head.bin', ...Array.from({ length: config.layers }, (_, i) => `layer-${i}.bin`), 'source.json']
}

describe('a conversion', () => {
  it('tells how far it is, to the last byte, and happens once', async () => {
    const told: ConversionProgress[] = []
    await convertWeights({ ...request, onConvert: (progress) => told.push(progress) })
    expect(await convertedFiles()).toEqual(await whole())
    const last = told.at(-1)
    expect(last).toEqual({
      doneSections: last?.sections,
      sections: (await openModel(fixture)).config.layers + 1,
      doneBytes: last?.totalBytes,
      totalBytes: last?.totalBytes,
    })
    expect(told.map(({ doneBytes }) => doneBytes)).toEqual(told.map(({ doneBytes }) => doneBytes).sort((a, b) => a - b))
    await convertWeights({ ...request, onConvert: () => expect.unreachable('it is converted already') })
  })

  it('is for engine onnx alone', async () => {
    await convertWeights({ model: fixture, engine: 'tfjs-cpu' })
    expect(await convertedFiles()).toEqual([])
  })

  it('ends when it is told to: finished parts stay, nothing else does, and the next one goes on', async () => {
    const stop = new AbortController()
    const reason = new Error('enough')
    const onConvert = ({ doneSections }: ConversionProgress): void => {
      if (doneSections === 1) stop.abort(reason)
    }
    await expect(convertWeights({ ...request, onConvert, signal: stop.signal })).rejects.toBe(reason)
    expect(await convertedFiles()).toEqual(['layer-0.bin', 'source.json'])
    let sections = 0
    await convertWeights({ ...request, onConvert: (progress) => (sections = progress.sections) })
    expect(await convertedFiles()).toEqual(await whole())
    expect(sections).toBe((await openModel(fixture)).config.layers)
  })

  it('leaves alone what a process of another machine is writing in the same folder', async () => {
    await convertWeights(request)
    const [folder = ''] = await readdir(room())
    const name = (file: string) => join(room(), folder, file)
    const elsewhere = `layer-0.bin.another-machine@1-${'0'.repeat(36)}.part`
    await writeFile(name(elsewhere), 'half')
    await rm(name('layer-0.bin'))
    await convertWeights(request)
    expect(await convertedFiles()).toEqual([...(await whole()), elsewhere].sort())
  })

  it.each([0, 1, 2])('that was killed in part %i leaves nothing that counts as whole', async (part) => {
    await using reference = await loadModel(request)
    const expected = await logitsOf(reference, ids)
    await rm(room(), { recursive: true })

    expect(await killedIn(part)).toBe('SIGKILL')
    const left = await convertedFiles()
    expect(left.filter((name) => name.endsWith('.part'))).toHaveLength(1)
    expect(left.filter((name) => name.startsWith('layer-') && name.endsWith('.bin'))).toHaveLength(part)

    await using again = await loadModel(request)
    expect(await logitsOf(again, ids)).toEqual(expected)
    expect(await convertedFiles()).toEqual(await whole())
  })
})

describe('converted weights', () => {
  it('are listed with the file that they were made from, and removed by its path', async () => {
    const path = join(scratch.dir, 'mine.gguf')
    await copyFile(fixture, path)
    await convertWeights({ ...request, model: path })
    await convertWeights({ ...request, model: path, precision: 'f32' })
    const elsewhere = async () => (await listModels()).filter(({ source }) => source === 'elsewhere')
    const [listed, ...others] = await elsewhere()
    expect(others).toEqual([])
    expect(listed).toMatchObject({ ref: path, path, bytes: (await readFile(path)).byteLength })

    await rm(path)
    expect(await elsewhere()).toMatchObject([{ ref: path, bytes: 0, convertedBytes: listed?.convertedBytes }])
    expect(await removeModel(path)).toEqual({ modelBytes: 0, convertedBytes: listed?.convertedBytes })
    expect(await elsewhere()).toEqual([])
    expect(await readdir(room())).toEqual([])
    await expect(removeModel(path)).rejects.toMatchObject({ exitCode: 2 })
  })

  it('are the same for a model by its name and by its path', async () => {
    const byName = await openModel('bundled:lab-draft')
    await convertWeights({ model: byName, engine: 'onnx' })
    await convertWeights({ model: byName.path, engine: 'onnx', onConvert: () => expect.unreachable('a second copy') })
    expect(await convertedFiles()).not.toEqual([])
  })
})

describe('the lines of a node', () => {
  const lines = (isChild: boolean) => {
    const written: string[] = []
    let ms = 0
    const options = { write: (line: string) => written.push(line), isChild, now: () => ms }
    return { written, tell: conversionLines('a.gguf', options), at: (time: number) => (ms = time) }
  }

  it('say how much is done and how long it takes, every two seconds', () => {
    const { written, tell, at } = lines(false)
    for (const [ms, doneBytes] of [
      [100, 1e6],
      [2000, 20e6],
      [2100, 21e6],
      [10_000, 100e6],
    ] as const) {
      at(ms)
      tell?.({ doneSections: doneBytes / 1e6 === 100 ? 4 : 1, sections: 4, doneBytes, totalBytes: 100e6 })
    }
    expect(written).toEqual([
      'dsd-node: converting a.gguf: 1 of 4 parts, 20.0 MB of 100.0 MB, about 8 s left\n',
      'dsd-node: converting a.gguf: 4 of 4 parts, 100.0 MB of 100.0 MB, done in 10.0 s\n',
    ])
  })

  it('are not written by the node of a cluster', () => expect(lines(true).tell).toBeUndefined())
})

/** Converts in a process of its own, which kills itself in the middle of a part. */
async function killedIn(part: number): Promise<unknown> {
  const module = JSON.stringify(new URL('../../../src/engines/convert-weights.ts', import.meta.url).href)
  const script = `
    const { convertWeights } = await import(${module})
    await convertWeights({ ...${JSON.stringify(request)}, onConvert: ({ doneSections }) => {
      if (doneSections === ${part}) process.kill(process.pid, 'SIGKILL')
    } })`
  const options = ['--import', import.meta.resolve('tsx'), '--input-type=module', '--eval', script]
  const child = spawn(process.execPath, options, { stdio: 'inherit', env: { ...process.env, DSD_CACHE: scratch.dir } })
  const [, signal] = await once(child, 'exit')
  return signal
}
