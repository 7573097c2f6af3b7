import {
  type AcceptanceRule,
  alongWindow,
  autoregressive,
  fixedWindow,
  inProcessTarget,
  modelDrafter,
  type ShardCompute,
  speculative,
  type Target,
  targetToken,
} from '@dsd-lab/core'

const vocabSize = 50

/** A shard of a model that only looks at the last token: the head passes ids on as hidden states, the tail makes logits. */
const shard = (part: 'head' | 'tail' | 'whole', next: (id: number) => number): ShardCompute => ({
  layers: { from: part === 'tail' ? 1 : 0, to: part === 'head' ? 1 : 2 },
  embeds: part !== 'tail',
  tail: part !== 'head',
  hiddenSize: 1,
  vocabSize,
  maxLength: 256,
  openSession: () => ({
    length: 0,
    forward: async ({ input, logitsFrom = 0 }) => {
      const hidden = input.kind === 'ids' ? Float32Array.from(input.ids) : input.hidden
      if (part === 'head') return { kind: 'hidden', rows: hidden.length, hidden }
      const judged = hidden.subarray(logitsFrom)
      const logits = new Float32Array(judged.length * vocabSize)
      for (const [row, id] of judged.entries()) logits[row * vocabSize + next(id)] = 9
      return { kind: 'logits', rows: judged.length, logits }
    },
    close: () => {},
  }),
  [Symbol.asyncDispose]: async () => {},
})

/** Keeps a draft iff it is the target's own choice. `@dsd-lab/acceptance` has this rule and better ones. */
const keepMatches: AcceptanceRule = {
  spec: { name: 'keep-matches' },
  lossless: true,
  needs: 'ids',
  drafting: 'coupled',
  judge: (rows) =>
    alongWindow(rows, (row) => {
      const token = targetToken(row)
      return token === row.drafted ? { kept: true } : { kept: false, token }
    }),
}

const countInSevens = (id: number): number => (id + 7) % vocabSize
const forgetToWrap = (id: number): number => Math.min(id + 7, vocabSize - 1)

const makeTarget = (): Target =>
  inProcessTarget({
    name: 'sevens over two nodes',
    shards: [shard('head', countInSevens), shard('tail', countInSevens)],
    resolveRule: () => keepMatches,
    eos: [],
    network: { links: { latencyMs: 20, jitterMs: 1, bandwidthMbps: 100 } },
    compute: { baseMs: 5, perRowMs: 0.5 },
    draftStepMs: 1,
  })

const request = { prompt: [3], seed: 1, maxTokens: 24, rule: keepMatches.spec }
let plainMs = 0
for await (const { round } of autoregressive({ ...request, target: makeTarget() })) plainMs += round.timing.totalMs

await using drafter = modelDrafter({ name: 'draft', compute: shard('whole', forgetToWrap) })
let speculativeMs = 0
const text: number[] = []
for await (const { tokens, round } of speculative({
  ...request,
  target: makeTarget(),
  drafter,
  window: fixedWindow(4),
})) {
  text.push(...tokens)
  speculativeMs += round.timing.totalMs
  console.log(
    `round ${round.index}: kept ${round.accepted} of ${round.drafted.length}, ${round.timing.totalMs.toFixed(1)} ms`,
  )
}
console.log(text.join(' '))
console.log(`${plainMs.toFixed(0)} ms plain, ${speculativeMs.toFixed(0)} ms speculative`)
