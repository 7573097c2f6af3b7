import { describe, expect, it } from 'vitest'
import { startBackend } from '../../src/engines/tfjs/start-backend.ts'

describe('starting engines', () => {
  it('works at the same moment, for the same engine and for different ones', async () => {
    const wasm = startBackend('tfjs-wasm')
    const again = startBackend('tfjs-wasm')
    const cpu = startBackend('tfjs-cpu')
    expect(await again).toBe(await wasm)
    expect([(await wasm).backendName, (await cpu).backendName]).toEqual(['wasm', 'cpu'])
    expect((await wasm).device).toBe('WebAssembly SIMD')
  })

  it('leaves failures of the process to the process', async () => {
    await startBackend('tfjs-wasm')
    const texts = [...process.listeners('uncaughtException'), ...process.listeners('unhandledRejection')].map(String)
    expect(texts.filter((text) => text.includes('ExitStatus') || text.includes('throw reason'))).toEqual([])
  })

  it('of a kind that is not set up says how to set it up', async () => {
    process.env.XDG_CACHE_HOME = '/nonexistent'
    await expect(startBackend('tfjs-node')).rejects.toMatchObject({
      line: 'engine tfjs-node: the native add-on is not set up; run pnpm setup:native',
    })
  })
})
