import type { Sampling, ShardCompute, TokenId } from '../../../src/index.ts'
import { goldenText } from '../../fixtures/golden.ts'
import { type HashModelOptions, hashShard, hashShards, mix } from '../../fixtures/hash-model.ts'
import { resolveTestRule } from '../../fixtures/rules.ts'

const model: HashModelOptions = { layers: 6, vocabSize: 16, maxLength: 44 }
const PROMPT_TOKENS = 15

/** One text to decode, and the truth about it. */
export interface Scenario {
  readonly prompt: readonly TokenId[]
  readonly sampling: Sampling
  readonly seed: number
  readonly eos: readonly TokenId[]
  readonly maxLength: number
  readonly vocabSize: number
  /** What has to come out, prompt included. */
  readonly golden: readonly TokenId[]
  shards(nodes: number): ShardCompute[]
  /** Drafts at the end of a text: mostly right, also beyond the end-of-text token. */
  draft(committed: number, gamma: number): readonly TokenId[]
}

async function scenario(seed: number, temperature: number): Promise<Scenario> {
  const prompt = Array.from({ length: PROMPT_TOKENS }, (_, place) => mix(seed, place) % model.vocabSize)
  const sampling = { temperature }
  const { maxLength, vocabSize } = model
  const continued = await goldenText({
    model: hashShard(model, { from: 0, to: model.layers }),
    rule: resolveTestRule({ name: 'coupled' }, { vocabSize, temperature }),
    prompt,
    sampling,
    seed,
    maxLength,
  })
  // The token that stands at place 34 ends the text, there or where it first occurs after the prompt.
  const eos = [continued[34] ?? 0]
  const end = continued.findIndex((id, place) => place >= PROMPT_TOKENS && eos.includes(id))
  return {
    prompt,
    sampling,
    seed,
    eos,
    maxLength,
    vocabSize,
    golden: continued.slice(0, end + 1),
    shards: (nodes) => hashShards(model, nodes),
    draft: (committed, gamma) =>
      continued.slice(committed, committed + gamma).map((id, place) => {
        const wrong = mix(seed, committed + place) % 5 === 0
        return wrong ? (id + 1) % vocabSize : id
      }),
  }
}

const candidates = await Promise.all(
  Array.from({ length: 24 }, (_, seed) => scenario(seed + 1, seed % 2 === 0 ? 0 : 1)),
)
const byLength = candidates.sort((a, b) => b.golden.length - a.golden.length)

/** The longest texts among many seeds, greedy and sampled, so that there is something to disturb. */
export const scenarios: readonly Scenario[] = byLength.slice(0, 4)

export const longScenario = found(byLength[0])
/** A text of some eight tokens, for tests that try everything at every step. */
export const briefScenario = found(byLength.find(({ golden }) => golden.length <= PROMPT_TOKENS + 8))

function found(scenario: Scenario | undefined): Scenario {
  if (scenario === undefined) throw new Error('no seed gives such a text')
  return scenario
}
