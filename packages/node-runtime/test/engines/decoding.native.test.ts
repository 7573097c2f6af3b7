import { resolveRule } from '@dsd-lab/acceptance'
import { autoregressive, type Commit, fixedWindow, inProcessTarget, type Sampling, speculative } from '@dsd-lab/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadDrafter } from '../../src/engines/load-drafter.ts'
import { loadModel, loadShard } from '../../src/engines/load-shard.ts'
import type { EngineName, ShardEngine } from '../../src/engines/shard-engine.ts'
import { findNativePackage } from '../../src/engines/tfjs/native-package.ts'
import { startBackend, type TfjsName } from '../../src/engines/tfjs/start-backend.ts'
import { type RandomLlama, randomLlama } from '../models/random-llama.ts'
import { logitsOf } from './chain-of-shards.ts'
import { referenceLogits } from './reference-decoder.ts'

const PROMPT = [3, 14, 15, 92, 65, 35, 89, 79]
const TOKENS = 64
/** Largest error of a logit against float64; the logits spread over about 10. */
const TOLERANCE = 2e-5

for (const [engine, setUp] of [
  ['tfjs-node-gpu', 'pnpm setup:native --gpu'],
  ['tfjs-node', 'pnpm setup:native'],
] as const) {
  const isMissing = findNativePackage(engine) === undefined
  const reason = isMissing ? `: skipped, it is not set up here (${setUp})` : ''
  describe.skipIf(isMissing)(`@tensorflow/${engine}${reason}`, () => suite(engine))
}

function suite(engine: TfjsName): void {
  let model: RandomLlama
  let draft: RandomLlama
  let native: ShardEngine
  beforeAll(async () => {
    model = await randomLlama({ seed: 3 })
    draft = await randomLlama({ seed: 3, config: { num_hidden_layers: 1 } })
    native = await loadModel({ model: model.dir, engine })
  })
  afterAll(async () => {
    await native[Symbol.asyncDispose]()
    await Promise.all([model, draft].map((folder) => folder[Symbol.asyncDispose]()))
  })

  it('is the true package, on TensorFlow itself', () => {
    const { name, versions, device, rowInvariance } = native.engine
    console.log(JSON.stringify(native.engine))
    expect(name).toBe(engine)
    expect(versions[`@tensorflow/${engine}`]).toBe('4.22.0')
    expect(versions.tensorflow).toMatch(/^\d+\.\d+/)
    expect(['CPU', 'GPU']).toContain(device)
    expect(rowInvariance.largestDifference).toBeLessThan(TOLERANCE)
  })

  it('computes the logits of a float64 reference', async () => {
    const expected = referenceLogits(model, PROMPT).flat()
    const logits = await logitsOf(native, PROMPT)
    expect(logits.length).toBe(expected.length)
    const gaps = [...logits].map((logit, i) => Math.abs(logit - (expected[i] ?? Number.NaN)))
    expect(Math.max(...gaps)).toBeLessThan(TOLERANCE)
  })

  it.each([0, 0.8])(
    'decodes the same ids as WebAssembly, plainly and speculatively, at temperature %d',
    async (temperature) => {
      const wasm = await texts({ engine: 'tfjs-wasm', model, draft, sampling: { temperature } })
      const found = await texts({ engine, model, draft, sampling: { temperature } })
      expect(found).toEqual({ autoregressive: wasm.autoregressive, speculative: wasm.autoregressive })
    },
  )

  it('keeps no tensor of a round', async () => {
    const { tf } = await startBackend(engine)
    const session = native.openSession()
    const round = async (start: number) => session.forward({ start, input: { kind: 'ids', ids: [1, 2, 3] } })
    await round(0)
    const before = tf.memory().numTensors
    for (let start = 1; start <= 100; start++) await round(start)
    expect(tf.memory().numTensors).toBe(before)
  })
}

interface TextRequest {
  readonly engine: EngineName
  readonly model: RandomLlama
  readonly draft: RandomLlama
  readonly sampling: Sampling
}

/** One text decoded over three shards, without and with a draft model. */
async function texts({ engine, model, draft, sampling }: TextRequest) {
  const cuts = [0, 1, 2].map((from) => loadShard({ model: model.dir, engine, layers: { from, to: from + 1 } }))
  const shards = await Promise.all(cuts)
  await using target = inProcessTarget({ name: engine, shards, resolveRule, eos: [] })
  await using drafter = await loadDrafter({ model: draft.dir, engine })
  const options = { target, prompt: PROMPT, sampling, seed: 5, sequence: 0, maxTokens: TOKENS }
  const result = {
    autoregressive: await idsOf(autoregressive(options)),
    speculative: await idsOf(speculative({ ...options, drafter, rule: { name: 'coupled' }, window: fixedWindow(4) })),
  }
  expect(result.autoregressive).toHaveLength(PROMPT.length + TOKENS)
  return result
}

async function idsOf(commits: AsyncIterable<Commit>): Promise<number[]> {
  const ids = [...PROMPT]
  for await (const { tokens } of commits) ids.push(...tokens)
  return ids
}
