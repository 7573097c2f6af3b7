import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isAvailable, selectEngine } from '../../src/engines/select-engine.ts'
import type { EngineName } from '../../src/engines/shard-engine.ts'

const small = { parameters: 4_000_000 }
const large = { parameters: 135_000_000 }

let cache: string
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'dsd-engines-'))
})
afterEach(() => rm(cache, { recursive: true }))

/** Looks set up to whoever only looks: the package with a built add-on. */
async function setUp(name: string): Promise<void> {
  const dir = join(cache, 'dsd-lab', 'native', 'node_modules', '@tensorflow', name)
  await mkdir(join(dir, 'lib', 'napi-v8'), { recursive: true })
  await writeFile(join(dir, 'package.json'), '{"version":"4.22.0"}')
  await writeFile(join(dir, 'lib', 'napi-v8', 'tfjs_binding.node'), '')
}
const select = (request: Parameters<typeof selectEngine>[0], engine?: string) =>
  selectEngine({ isSetUp: withoutOnnx, ...request, env: environment(engine) })
const environment = (engine?: string): NodeJS.ProcessEnv => ({
  XDG_CACHE_HOME: cache,
  ...(engine === undefined ? {} : { DSD_ENGINE: engine }),
})
const withoutOnnx = (name: EngineName): boolean => name !== 'onnx' && isAvailable(name, environment())
const withOnnx = (name: EngineName): boolean => name === 'onnx' || withoutOnnx(name)

describe('choosing an engine', () => {
  it('takes WebAssembly for the bundled pair, even where TensorFlow is set up', async () => {
    await setUp('tfjs-node')
    expect(select({ model: small })).toEqual({ name: 'tfjs-wasm', reason: 'the fastest for a small model' })
  })

  it('takes onnxruntime for a large model, unless there is a GPU and TensorFlow is set up for it', async () => {
    expect(select({ model: large, isSetUp: withOnnx, hasGpu: true }).name).toBe('onnx')
    await setUp('tfjs-node-gpu')
    expect(select({ model: large, isSetUp: withOnnx, hasGpu: false }).name).toBe('onnx')
    expect(select({ model: large, isSetUp: withOnnx, hasGpu: true }).name).toBe('tfjs-node-gpu')
  })

  it('takes onnxruntime for a small model whose weights shall stay quantised', () => {
    expect(select({ model: small, precision: 'q8', isSetUp: withOnnx }).name).toBe('onnx')
    expect(select({ model: small, precision: 'f32', isSetUp: withOnnx }).name).toBe('tfjs-wasm')
  })

  it('is installed with onnxruntime here', () => {
    expect(selectEngine({ model: large, hasGpu: false, env: environment() }).name).toBe('onnx')
  })

  it('takes TensorFlow for a large model without onnxruntime: on a GPU, else on the CPU', async () => {
    await setUp('tfjs-node')
    expect(select({ model: large }).name).toBe('tfjs-node')
    await setUp('tfjs-node-gpu')
    expect(select({ model: large })).toEqual({
      name: 'tfjs-node-gpu',
      reason: 'the fastest set up here for a large model',
    })
  })

  it('takes the next best where neither is set up, and says how to get one', () => {
    const choice = select({ model: large })
    expect(choice.name).toBe('tfjs-wasm')
    expect(choice.advice).toContain('install the optional package onnxruntime-node')
    expect(select({ prefer: 'onnx' })).toEqual({
      name: 'tfjs-wasm',
      reason: 'onnx is not set up here',
      advice: 'install the optional package onnxruntime-node to get it',
    })
    expect(select({ prefer: 'tfjs-node-gpu' })).toEqual({
      name: 'tfjs-wasm',
      reason: 'tfjs-node-gpu is not set up here',
      advice: 'run pnpm setup:native (with --gpu for CUDA) to get it',
    })
  })

  it('does not take a package whose add-on was never built', async () => {
    await setUp('tfjs-node')
    await rm(join(cache, 'dsd-lab', 'native', 'node_modules', '@tensorflow', 'tfjs-node', 'lib'), { recursive: true })
    expect(select({ model: large }).name).toBe('tfjs-wasm')
  })

  it('obeys the caller before DSD_ENGINE, and DSD_ENGINE before its own mind', () => {
    expect(select({ model: small }, 'tfjs-cpu')).toEqual({ name: 'tfjs-cpu', reason: 'asked for' })
    expect(select({ model: small, prefer: 'tfjs-wasm' }, 'tfjs-cpu').name).toBe('tfjs-wasm')
    expect(select({ model: small, prefer: 'auto' }, 'tfjs-cpu').name).toBe('tfjs-wasm')
    expect(select({ model: small }, '').name).toBe('tfjs-wasm')
  })

  it('refuses a DSD_ENGINE that is none', () => {
    expect(() => select({ model: small }, 'cuda')).toThrow(
      expect.objectContaining({
        line: 'DSD_ENGINE: no engine cuda; use one of auto, tfjs-node-gpu, onnx, tfjs-node, tfjs-wasm, tfjs-cpu',
      }),
    )
  })
})
