import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import {
  type Commit,
  type Drafter,
  type DraftWindow,
  fixedWindow,
  inProcessTarget,
  modelDrafter,
  speculative,
  type Target,
  type TokenId,
  type WindowPlan,
} from '../../src/index.ts'
import { goldenText } from '../fixtures/golden.ts'
import { hashShard, hashShards } from '../fixtures/hash-model.ts'
import { resolveTestRule } from '../fixtures/rules.ts'

const model = { layers: 4, vocabSize: 12, maxLength: 64 }
const whole = hashShard(model, { from: 0, to: model.layers })
const prompt = [1, 2, 3]
const base = { prompt, seed: 5, sampling: { temperature: 1 }, rule: { name: 'coupled' }, draftAhead: true }
const TRAVEL_MS = 40

/** A target that times its drafter by the wall clock and whose rounds take a while. */
const slowTarget = (): Target => {
  const target = inProcessTarget({ name: 'hash', shards: hashShards(model, 2), resolveRule: resolveTestRule, eos: [] })
  return new Proxy(target, {
    get: (inner, key) => {
      if (key === 'virtualDraftStepMs') return undefined
      if (key === 'open') return async (request: Parameters<Target['open']>[0]) => slow(await inner.open(request))
      return Reflect.get(inner, key)
    },
  })
}

const slow = (session: Awaited<ReturnType<Target['open']>>): typeof session => ({
  get committed() {
    return session.committed
  },
  now: () => performance.now(),
  close: () => session.close(),
  verify: async (...args) => {
    await sleep(TRAVEL_MS)
    return session.verify(...args)
  },
})

interface Call {
  readonly context: readonly TokenId[]
  readonly plan: WindowPlan
  readonly stop: AbortSignal | undefined
}

type Propose = (call: Call, own: () => Promise<DraftWindow>) => Promise<DraftWindow>

/** Agrees with the target to the last token, unless told otherwise. */
const drafterThat = (propose: Propose): { readonly drafter: Drafter; readonly calls: Call[] } => {
  const calls: Call[] = []
  const oracle = modelDrafter({ name: 'oracle', compute: whole })
  return {
    calls,
    drafter: {
      ...oracle,
      open: async (request) => {
        const session = await oracle.open(request)
        return {
          propose: (context, plan, stop) => {
            const call = { context: [...context], plan, stop }
            calls.push(call)
            return propose(call, () => session.propose(context, plan, stop))
          },
          close: () => session.close(),
        }
      },
    },
  }
}

const all = async (commits: AsyncIterable<Commit>): Promise<Commit[]> => {
  const seen: Commit[] = []
  for await (const commit of commits) seen.push(commit)
  return seen
}

const golden = (tokens: number) =>
  goldenText({
    ...base,
    model: whole,
    rule: resolveTestRule(base.rule, { vocabSize: model.vocabSize, temperature: 1 }),
    eos: [],
    maxLength: prompt.length + tokens,
  })

describe('drafting ahead', () => {
  it('drafts the next window while this one travels, and writes the same text', async () => {
    const { drafter, calls } = drafterThat((_, own) => own())
    const commits = await all(
      speculative({ ...base, target: slowTarget(), drafter, window: fixedWindow(3), maxTokens: 16 }),
    )
    expect([...prompt, ...commits.flatMap(({ tokens }) => tokens)]).toEqual(await golden(16))
    expect(commits.map(({ round }) => round.ahead)).toEqual([
      { foreseen: false, steps: 4 },
      { foreseen: true, steps: 4 },
      { foreseen: true, steps: 4 },
      { foreseen: true, steps: 0 },
    ])
    // Its own window, then a guess and a window beside each round that is not the last; nothing is drafted twice.
    expect(calls.map(({ plan }) => plan.gamma)).toEqual([3, 1, 3, 1, 3, 1, 3])
    for (const { round } of commits.slice(1)) expect(round.timing.draftMs).toBeLessThan(TRAVEL_MS / 2)
  })

  it('stops the drafter when the guess was wrong, and drafts anew after what was committed', async () => {
    const wrong = (call: Call): boolean => call.plan.gamma === 1
    const stopped: boolean[] = []
    const { drafter } = drafterThat(async (call, own) => {
      const window = await own()
      if (wrong(call)) return { ...window, tokens: window.tokens.map((token) => (token + 1) % model.vocabSize) }
      if (call.stop === undefined) return window
      // Longer than any round, if nobody stops it.
      await sleep(60_000, undefined, { signal: call.stop }).catch(() => undefined)
      stopped.push(call.stop.aborted)
      return window
    })
    const commits = await all(
      speculative({ ...base, target: slowTarget(), drafter, window: fixedWindow(3), maxTokens: 12 }),
    )
    expect([...prompt, ...commits.flatMap(({ tokens }) => tokens)]).toEqual(await golden(12))
    expect(commits.map(({ round }) => round.ahead?.foreseen)).toEqual([false, false, false])
    expect(stopped).toEqual([true, true])
  })

  it('minds no failure of drafts that nobody wants, and any of those that somebody does', async () => {
    const failing = (guess: number) =>
      drafterThat(async (call, own) => {
        if (call.stop !== undefined) throw new Error('out of memory')
        const { tokens, ...window } = await own()
        const shift = call.plan.gamma === 1 ? guess : 0
        return { ...window, tokens: tokens.map((token) => (token + shift) % model.vocabSize) }
      })
    const texts = (guess: number) =>
      all(
        speculative({
          ...base,
          target: slowTarget(),
          drafter: failing(guess).drafter,
          window: fixedWindow(3),
          maxTokens: 8,
        }),
      )
    expect((await texts(1)).flatMap(({ tokens }) => tokens)).toEqual((await golden(8)).slice(prompt.length))
    await expect(texts(0)).rejects.toThrow('out of memory')
  })

  it('leaves the drafter free before it is closed', async () => {
    let drafting = 0
    const { drafter } = drafterThat(async (_, own) => {
      drafting++
      await sleep(2 * TRAVEL_MS)
      drafting--
      return own()
    })
    let atClose = -1
    const watched: Drafter = {
      ...drafter,
      open: async (request) => {
        const session = await drafter.open(request)
        return {
          ...session,
          propose: (...args) => session.propose(...args),
          close: async () => {
            atClose = drafting
            await session.close()
          },
        }
      },
    }
    for await (const _ of speculative({ ...base, target: slowTarget(), drafter: watched, window: fixedWindow(3) }))
      break
    expect(atClose).toBe(0)
  })

  it('on a virtual clock makes no pass that turns out useless', async () => {
    const target = inProcessTarget({
      name: 'hash',
      shards: hashShards(model, 2),
      resolveRule: resolveTestRule,
      eos: [],
      network: { links: { latencyMs: 10 } },
      draftStepMs: 4,
    })
    const { drafter, calls } = drafterThat(async (_, own) => {
      const window = await own()
      return { ...window, tokens: window.tokens.map((token) => (token + 1) % model.vocabSize) }
    })
    const commits = await all(speculative({ ...base, target, drafter, window: fixedWindow(3), maxTokens: 6 }))
    expect([...prompt, ...commits.flatMap(({ tokens }) => tokens)]).toEqual(await golden(6))
    expect(calls.map(({ plan }) => plan.gamma)).toEqual([3, 3, 3, 2, 1])
  })
})
