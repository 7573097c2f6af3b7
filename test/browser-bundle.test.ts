import { createContext, runInContext } from 'node:vm'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'

/** Bundles a module for browsers and runs it where there is no `process`, `require` or `Buffer`. */
const runInBrowserLikeContext = async (source: string): Promise<unknown> => {
  const bundle = await build({
    stdin: { contents: source, resolveDir: new URL('..', import.meta.url).pathname },
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'iife',
    globalName: 'bundle',
  })
  const text = bundle.outputFiles[0]?.text ?? ''
  const { TextEncoder, TextDecoder, AbortController, performance, setTimeout, clearTimeout, queueMicrotask } =
    globalThis
  const globals = { TextEncoder, TextDecoder, AbortController, performance, setTimeout, clearTimeout, queueMicrotask }
  const context = createContext({ ...globals, result: undefined })
  return runInContext(`${text}; bundle.default`, context)
}

describe('in a browser bundle', () => {
  it('core draws the same keyed noise as in Node', async () => {
    const source = `import { sequenceNoise } from '@dsd-lab/core'
      export default sequenceNoise({ seed: 7, sequence: 3 }).at(11).targetGumbel(42)`
    const { sequenceNoise } = await import('@dsd-lab/core')
    expect(await runInBrowserLikeContext(source)).toBe(sequenceNoise({ seed: 7, sequence: 3 }).at(11).targetGumbel(42))
  })

  it('acceptance resolves a rule from its spec', async () => {
    const source = `import { coupled, resolveRule } from '@dsd-lab/acceptance'
      export default resolveRule(coupled(), { vocabSize: 8, temperature: 0 }).lossless`
    expect(await runInBrowserLikeContext(source)).toBe(true)
  })
})
