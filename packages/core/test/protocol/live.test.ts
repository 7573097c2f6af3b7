import { describe, expect, it } from 'vitest'
import {
  autoregressive,
  type Commit,
  DsdError,
  fixedWindow,
  inProcessTarget,
  MOST_NODES,
  modelDrafter,
  type Round,
  type RuleSpec,
  type ShardCompute,
  speculative,
  type Target,
} from '../../src/index.ts'
import { encodeFrame } from '../../src/protocol/frames/encode.ts'
import { goldenText } from '../fixtures/golden.ts'
import { hashShard, hashShards } from '../fixtures/hash-model.ts'
import { resolveTestRule } from '../fixtures/rules.ts'
import { type LiveChainOptions, liveChain } from './live-chain.ts'

const model = { layers: 4, vocabSize: 20, maxLength: 64 }
const whole = hashShard(model, { from: 0, to: model.layers })
const prompt = [3, 1, 4, 1, 5, 9, 2, 6]
const sampling = { temperature: 1 }

const chainOf = (nodes: number, options: Partial<LiveChainOptions> = {}) =>
  liveChain({ shards: hashShards(model, nodes), ...options })

const golden = (seed: number) =>
  goldenText({
    model: whole,
    rule: resolveTestRule({ name: 'coupled' }, { vocabSize: model.vocabSize, temperature: 1 }),
    prompt,
    sampling,
    seed,
    maxLength: prompt.length + 16,
  })

interface DecodeOptions {
  readonly target: Target
  readonly seed?: number
  readonly rule?: RuleSpec
  readonly signal?: AbortSignal
}

const commits = ({ target, seed = 1, rule = { name: 'coupled' }, ...rest }: DecodeOptions) =>
  speculative({
    target,
    drafter: modelDrafter({ name: 'draft', compute: whole }),
    rule,
    window: fixedWindow(3),
    prompt,
    sampling,
    seed,
    maxTokens: 16,
    ...rest,
  })

const collect = async (from: AsyncIterable<Commit>) => {
  const text = [...prompt]
  const rounds: Round[] = []
  for await (const { tokens, round } of from) {
    text.push(...tokens)
    rounds.push(round)
  }
  return { text, rounds }
}

const failure = async (work: Promise<unknown>): Promise<DsdError> => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof DsdError) return error
  throw new Error(`no DsdError but ${String(error)}`)
}

/** Loses every frame to node 1 until it is opened, and tells when the first has come. */
const frameGate = () => {
  let isOpen = false
  let reach = () => {}
  const reached = new Promise<void>((resolve) => {
    reach = resolve
  })
  return {
    reached,
    open: () => {
      isOpen = true
    },
    tap: ({ to }: { readonly to: number | 'coordinator' }) => {
      if (isOpen || to !== 1) return true
      reach()
      return false
    },
  }
}

describe('hosts and a remote target', () => {
  it.each([1, 2, 4])('decode the text of plain decoding over %i nodes', async (nodes) => {
    await using chain = chainOf(nodes)
    expect((await collect(commits(chain))).text).toEqual(await golden(1))
    expect((await collect(autoregressive({ ...chain, prompt, sampling, seed: 1, maxTokens: 16 }))).text).toEqual(
      await golden(1),
    )
  })

  it('report where the time and the bytes of a round went', async () => {
    await using chain = chainOf(3)
    const [first, second] = (await collect(commits(chain))).rounds
    expect(second?.timing.linkMs).toEqual([0.5, 1, 2])
    expect(second?.timing.returnMs).toBe(9)
    expect(second?.timing.computeMs).toHaveLength(3)
    const hidden = 4 * 2 * 4
    expect(second?.bytes).toEqual({ forward: [84, 84 + hidden + 12, 84 + hidden + 24], verdict: 64 + 36 })
    expect(first?.rows).toBe(prompt.length + 3)
  })

  it('serve many texts at once, and keep none of those that have ended', async () => {
    await using chain = chainOf(2, { maxSessions: 5 })
    for (const turn of [0, 1, 2]) {
      const seeds = Array.from({ length: 5 }, (_, index) => 10 * turn + index)
      const texts = await Promise.all(seeds.map((seed) => collect(commits({ ...chain, seed }))))
      for (const [index, seed] of seeds.entries()) expect(texts[index]?.text).toEqual(await golden(seed))
    }
  })

  it('give a round another chance with the same bytes when a frame is lost', async () => {
    const lost = new Set([2, 5])
    let frames = 0
    await using chain = chainOf(2, { deadlineMs: 300, tap: ({ to }) => to !== 1 || !lost.has(++frames) })
    const { text, rounds } = await collect(commits(chain))
    expect(text).toEqual(await golden(1))
    expect(rounds.reduce((sum, { retries }) => sum + retries, 0)).toBeGreaterThanOrEqual(lost.size)
    expect(chain.hosts[0]?.counters.duplicates).toBeGreaterThanOrEqual(lost.size)
    expect(chain.hosts[0]?.counters.rowsComputed).toBe(rounds.reduce((sum, { rows }) => sum + rows, 0))
  })
})

describe('what a user is told', () => {
  it('a silent node is named, after a resend and a survey', async () => {
    await using chain = chainOf(3, { deadlineMs: 200, tap: ({ to }) => to !== 1 })
    const error = await failure(collect(commits(chain)))
    expect(error.line).toBe('node 1: does not answer; look whether it still runs and decode the text again')
    expect(error.exitCode).toBe(1)
  })

  it('a node that takes windows and never answers is named after a few replays', async () => {
    const stuck: ShardCompute = {
      ...hashShard(model, { from: 2, to: 4 }),
      openSession: () => ({ length: 0, forward: () => new Promise(() => undefined), close: () => undefined }),
    }
    const chain = liveChain({ shards: [hashShard(model, { from: 0, to: 2 }), stuck], deadlineMs: 80, maxResyncs: 2 })
    const error = await failure(collect(commits(chain)))
    expect(error.line).toMatch(/^node 1: brought no verdict in 2 replays; /)
    // The host waits for its engine as it promises; the coordinator does not wait for the host.
    await chain.target[Symbol.asyncDispose]()
    await chain.hosts[0]?.close()
  })

  it('a node that its transport has lost ends every text with the transport’s own error', async () => {
    const gate = frameGate()
    await using chain = chainOf(2, { tap: gate.tap })
    const decoding = failure(collect(commits(chain)))
    await gate.reached
    chain.lose(new DsdError('exited with SIGKILL', { kind: 'environment', where: 'node 1' }))
    expect((await decoding).line).toBe('node 1: exited with SIGKILL')
    expect((await failure(collect(commits(chain)))).line).toBe('node 1: exited with SIGKILL')
  })

  it('an unknown rule never reaches a node', async () => {
    await using chain = chainOf(2)
    const error = await failure(collect(commits({ ...chain, rule: { name: 'typo' } })))
    expect(error.line).toBe('accept: no rule is called typo')
    expect(error.exitCode).toBe(2)
    expect(chain.hosts[0]?.counters.windows).toBe(0)
  })

  it('a logit that is not finite is refused by the tail, and named with its position', async () => {
    const inner = hashShard(model, { from: 2, to: 4 })
    const poisoned: ShardCompute = {
      ...inner,
      openSession: () => {
        const session = inner.openSession()
        return {
          length: 0,
          close: () => session.close(),
          forward: async (request) => {
            const output = await session.forward(request)
            if (output.kind === 'logits' && request.start > 12) output.logits[1] = Number.NaN
            return output
          },
        }
      },
    }
    await using chain = liveChain({ shards: [hashShard(model, { from: 0, to: 2 }), poisoned] })
    const error = await failure(collect(commits(chain)))
    expect(error.kind).toBe('numeric')
    expect(error.line).toMatch(/^node 1: position 16: the logit of token 1 is NaN; /)
  })

  it('too many texts at once are refused by name', async () => {
    await using chain = chainOf(2, { maxSessions: 1 })
    const first = commits(chain)
    await first.next()
    const error = await failure(collect(commits({ ...chain, seed: 2 })))
    expect(error.line).toMatch(/^node 0: refuses the text: 1 texts are open already/)
    await first.return()
    expect((await collect(commits({ ...chain, seed: 2 }))).text).toEqual(await golden(2))
  })

  it('a window beyond what a node takes is refused with the limit', async () => {
    await using chain = chainOf(2, { nodeMaxRows: 8 })
    const error = await failure(collect(commits(chain)))
    expect(error.line).toBe('node 0: refuses the window: 11 rows are not in 1..8')
  })

  it('more nodes than a frame can count are refused before anything runs', () => {
    const long = { ...model, layers: 256 }
    expect(() => chainOf(256, { shards: hashShards(long, 256) })).toThrow(/256 nodes/)
    expect(() =>
      inProcessTarget({ name: 'long', shards: hashShards(long, 256), resolveRule: resolveTestRule, eos: [] }),
    ).toThrow(expect.objectContaining({ line: 'long: 256 nodes; give at most 255, or simulate them' }))
  })

  it('the longest chain decodes the text of plain decoding, and tells the times of every node', async () => {
    const long = { ...model, layers: MOST_NODES }
    const shards = hashShards(long, MOST_NODES)
    const target = inProcessTarget({ name: 'long', shards, resolveRule: resolveTestRule, eos: [] })
    const { value } = await autoregressive({ target, prompt, sampling, seed: 1, maxTokens: 1 }).next()
    expect(value?.round.timing.computeMs).toHaveLength(MOST_NODES)
  })

  it('layers at the wrong place are refused before anything runs', () => {
    expect(() => liveChain({ shards: [whole, whole] })).toThrow(/layers 0:4 cannot stand at place 0 of 2/)
  })
})

describe('aborting', () => {
  it('ends the round in flight at once and leaves the chain usable', async () => {
    const gate = frameGate()
    await using chain = chainOf(2, { tap: gate.tap })
    const controller = new AbortController()
    const decoding = failure(collect(commits({ ...chain, signal: controller.signal })))
    await gate.reached
    controller.abort()
    expect((await decoding).exitCode).toBe(130)
    gate.open()
    expect((await collect(commits(chain))).text).toEqual(await golden(1))
  })
})

describe('disposing of a remote target', () => {
  it('closes its transport even when the texts cannot be closed any more', async () => {
    let broken = false
    const tap = () => {
      if (broken) throw new Error('the socket is broken')
      return true
    }
    const chain = chainOf(2, { tap })
    await commits(chain).next()
    broken = true
    await expect(chain.target[Symbol.asyncDispose]()).rejects.toThrow('the socket is broken')
    expect(chain.transportClosed).toBe(true)
  })
})

describe('a frame that is not what it should be', () => {
  it('is answered and counted, whatever it is', async () => {
    await using chain = chainOf(2)
    const [host] = chain.hosts
    const close = encodeFrame({ type: 'close', gen: 3, session: 0, term: 1, epoch: 0, seq: 0 })
    const verdictless = encodeFrame({ type: 'survey', gen: 3, session: 0, term: 1, epoch: 0, seq: 0 })
    host?.receive(new Uint8Array(3))
    host?.receive(close.slice().fill(7, 2, 3))
    host?.receive(verdictless.slice().fill(1, 33, 34))
    await new Promise((done) => setTimeout(done, 1))
    expect(host?.counters).toMatchObject({ badFrames: 3, nacks: 3 })
    expect(chain.inbox).toHaveLength(3)
    expect((await collect(commits(chain))).text).toEqual(await golden(1))
  })
})
