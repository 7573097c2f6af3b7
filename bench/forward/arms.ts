import { resolveRule } from '@dsd-lab/acceptance'
import { autoregressive, type Commit, fixedWindow, inProcessTarget, speculative } from '@dsd-lab/core'
import { type EngineName, loadDrafter, loadModel, type ModelSource } from '@dsd-lab/node-runtime'
import { type ClockName, readClock } from './clock.ts'

/** Arms by name; a draft window of 0 is plain decoding. */
export const ARMS = { autoregressive: 0, 'coupled, gamma 4': 4, 'coupled, gamma 8': 8 } as const
export type ArmName = keyof typeof ARMS

export interface ArmRequest {
  readonly engine: EngineName
  readonly target: ModelSource
  readonly draft: ModelSource
  readonly prompts: readonly string[]
  readonly maxTokens: number
  readonly clock: ClockName
}

export interface ArmResult {
  readonly arm: ArmName
  readonly tokensPerSecond: number
  /** Tokens committed per round. */
  readonly tokensPerRound: number
  readonly text: string
}

/** Decodes all prompts with every arm: target and draft model in this process, no links, draft steps included. */
export async function timeArms(request: ArmRequest): Promise<ArmResult[]> {
  const { engine, target, draft, prompts, maxTokens, clock } = request
  const tokenizer = await target.tokenizer()
  await using shard = await loadModel({ model: target, engine })
  await using judge = inProcessTarget({ name: target.ref, shards: [shard], resolveRule, eos: target.config.eos })
  await using drafter = await loadDrafter({ model: draft, engine })
  const decode = (arm: ArmName, prompt: string): AsyncIterable<Commit> => {
    const text = { target: judge, prompt: tokenizer.encode(prompt), seed: 1, maxTokens }
    if (arm === 'autoregressive') return autoregressive(text)
    return speculative({ ...text, drafter, rule: { name: 'coupled' }, window: fixedWindow(ARMS[arm]) })
  }

  const results: ArmResult[] = []
  for (const arm of Object.keys(ARMS).filter((name): name is ArmName => name in ARMS)) {
    let rounds = 0
    const ids: number[] = []
    const begin = readClock(clock)
    for (const prompt of prompts) {
      for await (const commit of decode(arm, prompt)) {
        rounds++
        ids.push(...commit.tokens)
      }
    }
    const seconds = (readClock(clock) - begin) / 1000
    const text = tokenizer.decode(ids)
    results.push({ arm, tokensPerSecond: ids.length / seconds, tokensPerRound: ids.length / rounds, text })
  }
  return results
}
