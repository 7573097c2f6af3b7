import { describe, expect, it } from 'vitest'
import {
  alongWindow,
  autoregressive,
  type Commit,
  type Drafter,
  type DraftWindow,
  DsdError,
  fixedWindow,
  inProcessTarget,
  modelDrafter,
  promptLookup,
  type Round,
  type RuleResolver,
  type SpeculativeOptions,
  speculative,
  type Target,
  targetToken,
} from '../../src/index.ts'
import { goldenText } from '../fixtures/golden.ts'
import { hashShard, hashShards } from '../fixtures/hash-model.ts'
import { resolveTestRule } from '../fixtures/rules.ts'

const model = { layers: 4, vocabSize: 12, maxLength: 48 }
const whole = hashShard(model, { from: 0, to: model.layers })
const prompt = [1, 2, 3]
const base = { prompt, seed: 5, sampling: { temperature: 1 } }

const makeTarget = (eos: readonly number[] = [], nodes = 2): Target =>
  inProcessTarget({ name: 'hash', shards: hashShards(model, nodes), resolveRule: resolveTestRule, eos, draftStepMs: 2 })

const goldenOf = (eos: readonly number[], maxLength: number) =>
  goldenText({
    ...base,
    model: whole,
    rule: resolveTestRule({ name: 'coupled' }, { vocabSize: model.vocabSize, temperature: 1 }),
    eos,
    maxLength,
  })

/** Agrees with the target to the last token. */
const oracle = () => modelDrafter({ name: 'oracle', compute: whole })

const speculate = (options: Partial<SpeculativeOptions> & { readonly target: Target }) =>
  speculative({ ...base, drafter: oracle(), rule: { name: 'coupled' }, window: fixedWindow(4), ...options })

const all = async (commits: AsyncIterable<Commit>): Promise<Commit[]> => {
  const seen: Commit[] = []
  for await (const commit of commits) seen.push(commit)
  return seen
}

const lineOf = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.catch((reason: unknown) => reason)
  if (error instanceof DsdError) return error.line
  throw new Error(`no DsdError but ${String(error)}`)
}

describe('what a rule is shown at the tail', () => {
  it('is the index of the text, and before every row the text itself, over nodes, windows and chunks of the prompt', async () => {
    const seen: { preceding: readonly number[]; position: number }[] = []
    const sequences: (number | undefined)[] = []
    const resolveRule: RuleResolver = (spec, context) => {
      sequences.push(context.sequence)
      return {
        spec,
        lossless: true,
        needs: 'ids',
        drafting: 'coupled',
        judge: (rows) =>
          alongWindow(rows, (row) => {
            seen.push({ preceding: row.preceding, position: row.position })
            // Now and then a draft is rejected although it is right, so that windows end everywhere.
            const token = targetToken(row)
            return row.drafted === token && row.position % 5 !== 0 ? { kept: true } : { kept: false, token }
          }),
      }
    }
    const shards = hashShards(model, 3)
    const target = inProcessTarget({ name: 'hash', shards, resolveRule, eos: [], maxRows: 6 })
    const longer = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
    const commits = await all(speculate({ target, prompt: longer, sequence: 7 }))
    const text = [...longer, ...commits.flatMap(({ tokens }) => tokens)]
    expect(sequences).toContain(7)
    expect(seen.length).toBeGreaterThan(20)
    for (const { preceding, position } of seen) expect(preceding).toEqual(text.slice(0, position))
  })
})

describe('the end of a text', () => {
  it('is its first end-of-text token, wherever that falls in a window', async () => {
    const ends = new Set<number>()
    for (let token = 0; token < model.vocabSize; token++) {
      const golden = await goldenOf([token], model.maxLength)
      const commits = await all(speculate({ target: makeTarget([token]) }))
      expect([...prompt, ...commits.flatMap(({ tokens }) => tokens)]).toEqual(golden)
      const last = commits.at(-1)
      expect(last?.finish).toBe(golden.at(-1) === token ? 'eos' : 'length')
      expect(last?.annotations).toHaveLength(last?.tokens.length ?? 0)
      expect(commits.slice(0, -1).every(({ finish }) => finish === undefined)).toBe(true)
      if (last?.finish === 'eos') ends.add(last.tokens.length)
    }
    expect([...ends].filter((place) => place < 5).length).toBeGreaterThan(1)
  })

  it('is maxTokens, and no window reaches beyond it', async () => {
    for (const maxTokens of [1, 2, 5, 7, 11]) {
      const commits = await all(speculate({ target: makeTarget(), maxTokens }))
      expect(commits.flatMap(({ tokens }) => tokens)).toHaveLength(maxTokens)
      expect(commits.at(-1)?.finish).toBe('length')
      for (const { round } of commits) {
        const furthest = round.committedBefore + round.drafted.length + 1
        expect(furthest).toBeLessThan(prompt.length + maxTokens)
      }
    }
  })

  it('counts the drafts that became text and nothing beyond', async () => {
    const golden = await goldenOf([], model.maxLength)
    const eos = golden[6] ?? 0
    const end = golden.indexOf(eos, prompt.length)
    const commits = await all(speculate({ target: makeTarget([eos]), window: fixedWindow(12) }))
    const [first] = commits
    expect(first?.tokens).toEqual(golden.slice(3, end + 1))
    expect(first?.round.accepted).toBe(end - 2)
  })
})

describe('a round', () => {
  it('starts when drafting starts and ends when its verdict is applied, without a gap', async () => {
    const rounds: Round[] = (await all(speculate({ target: makeTarget() }))).map(({ round }) => round)
    let clock = 0
    for (const { timing, draftSteps, index } of rounds) {
      expect(timing.startMs).toBe(clock)
      expect(timing.draftMs).toBe(2 * draftSteps)
      clock += timing.totalMs
      expect(rounds[index]?.timing).toBe(timing)
    }
  })

  it('of plain decoding commits one token of the target’s own', async () => {
    const commits = await all(autoregressive({ ...base, target: makeTarget(), maxTokens: 4 }))
    expect(commits.map(({ tokens }) => tokens.length)).toEqual([1, 1, 1, 1])
    expect(commits.flatMap(({ annotations }) => annotations)).toEqual(Array(4).fill({ origin: 'target' }))
    expect(commits.map(({ round }) => round.rows)).toEqual([3, 1, 1, 1])
  })

  it('carries entropy and margin of every token when asked, and only origins when not', async () => {
    const [asked] = await all(speculate({ target: makeTarget(), annotate: true, maxTokens: 5 }))
    for (const annotation of asked?.annotations ?? []) {
      expect(annotation.entropyNats).toBeGreaterThan(0)
      expect(annotation.marginNats).toBeGreaterThan(0)
    }
    const [plain] = await all(speculate({ target: makeTarget(), maxTokens: 5 }))
    expect(plain?.annotations).toEqual([...Array(4).fill({ origin: 'draft' }), { origin: 'bonus' }])
  })

  it('sends the laws of the drafts where the rule needs them', async () => {
    const window = fixedWindow(2)
    const withLaws = await all(speculate({ target: makeTarget(), window, rule: { name: 'needs-laws' }, maxTokens: 6 }))
    const without = await all(speculate({ target: makeTarget(), window, maxTokens: 6 }))
    expect(withLaws[1]?.round.bytes.forward[0]).toBeGreaterThan(without[1]?.round.bytes.forward[0] ?? 0)
  })
})

describe('a drafter', () => {
  it('without a model decodes the same text', async () => {
    const commits = await all(speculate({ target: makeTarget(), drafter: promptLookup(), maxTokens: 20 }))
    expect([...prompt, ...commits.flatMap(({ tokens }) => tokens)]).toEqual(await goldenOf([], prompt.length + 20))
    expect(commits.every(({ round }) => round.draftSteps === 0)).toBe(true)
  })

  const drafterOf = (window: DraftWindow): Drafter => ({
    name: 'mistaken',
    open: async () => ({ propose: async () => window, close: async () => undefined }),
    [Symbol.asyncDispose]: async () => undefined,
  })

  it.each([
    [{ tokens: [1, 2, 3, 4, 5], steps: 5 }, /^drafter mistaken: 5 tokens for a window of 4; /],
    [{ tokens: [99], steps: 1 }, /^verify: token 99 is not in 0..11; /],
    [{ tokens: [1], steps: -1 }, /^verify: -1 draft steps; /],
  ])('that proposes %j is told so', async (window, message) => {
    expect(await lineOf(all(speculate({ target: makeTarget(), drafter: drafterOf(window) })))).toMatch(message)
  })

  it('that fails to open leaves no text behind on the target', async () => {
    let open = 0
    const target = makeTarget()
    const watched: Target = {
      ...target,
      open: async (request) => {
        const session = await target.open(request)
        open++
        return new Proxy(session, {
          get: (inner, key) => {
            if (key === 'close') open--
            const value: unknown = Reflect.get(inner, key)
            return typeof value === 'function' ? value.bind(inner) : value
          },
        })
      },
    }
    const broken: Drafter = { ...promptLookup(), open: async () => Promise.reject(new Error('no weights')) }
    await expect(all(speculate({ target: watched, drafter: broken }))).rejects.toThrow('no weights')
    const thrown = () => {
      throw new Error('no window')
    }
    await expect(all(speculate({ target: watched, window: thrown }))).rejects.toThrow('no window')
    const stuck: Drafter = {
      ...promptLookup(),
      open: async () => ({
        propose: async () => ({ tokens: [], steps: 0 }),
        close: () => Promise.reject(new Error('cannot close')),
      }),
    }
    await expect(all(speculate({ target: watched, drafter: stuck, maxTokens: 1 }))).rejects.toThrow('cannot close')
    for await (const _ of speculate({ target: watched })) break
    expect(open).toBe(0)
  })
})

describe('a request that cannot be decoded', () => {
  it.each([
    [{ prompt: [] }, /^prompt: is empty; /],
    [{ prompt: [1, 77] }, /^prompt: token 77 is not in 0..11; /],
    [{ prompt: Array(48).fill(1) }, /^prompt: 48 tokens fill the length of 48; /],
    [{ maxTokens: 0 }, /^maxTokens: 0 tokens; /],
    [{ seed: -1 }, /^seed: is not a whole number from 0 to 9007199254740991/],
    [{ sequence: 0.5 }, /^sequence: is not a whole number/],
    [{ sampling: { temperature: 3 } }, /^sampling.temperature: is above 2/],
    [{ sampling: { temperature: 1, topP: 0 } }, /^sampling.topP: is not above 0/],
    [{ rule: { name: 'typo' } }, /^accept: no rule is called typo/],
  ])('%j', async (wrong, message) => {
    expect(await lineOf(all(speculate({ target: makeTarget(), ...wrong })))).toMatch(message)
  })
})

describe('a rule with more parameters than an opening holds', () => {
  it('is named before anything is sent', async () => {
    const rule = { name: 'coupled', labels: Array.from({ length: 20_000 }, (_, place) => place) }
    expect(await lineOf(all(speculate({ target: makeTarget(), rule })))).toMatch(
      /^rule coupled: \d+ bytes for an opening of at most 65535; give the rule shorter parameters/,
    )
  })
})

describe('leaving early', () => {
  it('by a signal ends with an interruption', async () => {
    const controller = new AbortController()
    const commits = speculate({ target: makeTarget(), signal: controller.signal })
    await commits.next()
    controller.abort(new Error('enough'))
    expect(await lineOf(all(commits))).toBe('decoding was aborted')
  })

  it('by a signal that comes while drafting is charged for is not lost', async () => {
    const target = makeTarget()
    const request = { ...base, rule: { name: 'coupled' }, sequence: 0, maxLength: 10, eos: [] }
    const session = await target.open(request)
    const controller = new AbortController()
    const round = session.verify({ tokens: [], steps: 0 }, { startMs: 0, draftMs: 5 }, controller.signal)
    controller.abort()
    expect(await lineOf(round)).toBe('decoding was aborted')
    expect(session.committed).toEqual(prompt)
    await session.close()
  })

  it('of two texts at once disturbs neither', async () => {
    const target = makeTarget()
    const short = speculate({ target, sequence: 1 })
    const long = all(speculate({ target, maxTokens: 12 }))
    await short.next()
    await short.return()
    const golden = await goldenOf([], prompt.length + 12)
    expect([...prompt, ...(await long).flatMap(({ tokens }) => tokens)]).toEqual(golden)
  })
})
