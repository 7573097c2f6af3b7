/**
 * The numbers of the bundled pair's model cards, through the runtime that users run: held-out accuracy of target and draft alone,
 * greedy agreement on the target's own answers, and what kind of token a mismatch is.
 *
 *     node --import tsx bench/measure-pair.ts [--target REF] [--draft REF] [--items 300] [--split heldout]
 */
import { parseArgs } from 'node:util'
import { classifyVocabulary, greedy, resolveRule } from '@dsd-lab/acceptance'
import {
  autoregressive,
  type Drafter,
  greedySampling,
  inProcessTarget,
  modelDrafter,
  type Target,
  TOKEN_CLASSES,
  type TokenId,
} from '@dsd-lab/core'
import { createGrader, loadTask } from '@dsd-lab/experiments'
import { wilson } from '@dsd-lab/experiments/statistics'
import { loadModel, type ModelSource, openModel, requireSameTokenizer, type ShardEngine } from '@dsd-lab/node-runtime'

const { values } = parseArgs({
  options: {
    target: { type: 'string', default: 'bundled:lab-target' },
    draft: { type: 'string', default: 'bundled:lab-draft' },
    items: { type: 'string', default: '300' },
    split: { type: 'string', default: 'heldout' },
  },
})
const limit = Number(values.items)
const MOST_TOKENS = 200

interface Text {
  readonly prompt: readonly TokenId[]
  /** End-of-text token included. */
  readonly answer: readonly TokenId[]
}

const targetOf = ({ ref, config: { eos } }: ModelSource, whole: ShardEngine): Target =>
  inProcessTarget({ name: ref, shards: [whole], resolveRule, eos })

const decode = async (target: Target, prompt: readonly TokenId[], sequence: number): Promise<Text> => {
  const answer: TokenId[] = []
  const text = { target, prompt, sequence, seed: 1, sampling: greedySampling, maxTokens: MOST_TOKENS }
  for await (const { tokens } of autoregressive(text)) answer.push(...tokens)
  return { prompt, answer }
}

/** What the draft model would say at each place of the target's answer. */
const draftAlong = async (drafter: Drafter, { prompt, answer }: Text): Promise<TokenId[]> => {
  const { drafting, needs } = resolveRule(greedy(), { vocabSize: target.info.vocabSize, temperature: 0 })
  await using session = closing(await drafter.open({ seed: 1, sequence: 0, sampling: greedySampling, drafting, needs }))
  const drafts: TokenId[] = []
  for (const place of answer.keys()) {
    const window = await session.propose([...prompt, ...answer.slice(0, place)], { gamma: 1 })
    drafts.push(...window.tokens)
  }
  return drafts
}

const closing = <T extends { close(): Promise<void> }>(session: T): T & AsyncDisposable =>
  Object.assign(session, { [Symbol.asyncDispose]: () => session.close() })

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
const accuracy = (verdicts: readonly boolean[]): string => {
  if (verdicts.length === 0) return 'nothing was graded'
  const correct = verdicts.filter((right) => right).length
  const { low, high } = wilson(correct, verdicts.length)
  return `${percent(correct / verdicts.length)} [${percent(low)}, ${percent(high)}]`
}

const source = await openModel(values.target)
const draftSource = await openModel(values.draft)
const tokenizer = await source.tokenizer()
requireSameTokenizer(tokenizer, await draftSource.tokenizer())
const classes = classifyVocabulary(tokenizer.pieces())
await using whole = await loadModel({ model: source })
await using wholeDraft = await loadModel({ model: draftSource })
await using target = targetOf(source, whole)
await using draftTarget = targetOf(draftSource, wholeDraft)
await using drafter = modelDrafter({ compute: await loadModel({ model: draftSource }), name: values.draft })
await using grader = createGrader()

for (const task of ['word-problems', 'programs']) {
  const { items, digest } = loadTask(task, { limit, split: values.split === 'train' ? 'train' : 'heldout' })
  const verdicts = { target: [] as boolean[], draft: [] as boolean[] }
  const mismatches = new Map<string, number>()
  let [places, same] = [0, 0]
  for (const [sequence, item] of items.entries()) {
    const prompt = tokenizer.encode(item.prompt)
    const text = await decode(target, prompt, sequence)
    const alone = await decode(draftTarget, prompt, sequence)
    const drafts = await draftAlong(drafter, text)
    for (const [place, meant] of text.answer.entries()) {
      places++
      if (drafts[place] === meant) same++
      else {
        const kind = TOKEN_CLASSES[classes[meant] ?? 0] ?? 'other'
        mismatches.set(kind, (mismatches.get(kind) ?? 0) + 1)
      }
    }
    for (const [name, { answer }] of [
      ['target', text],
      ['draft', alone],
    ] as const) {
      const written = tokenizer.decode(answer.filter((id) => !target.info.eos.includes(id)))
      const { correct } = await grader.grade(item, written)
      if (correct !== null) verdicts[name].push(correct)
    }
    if ((sequence + 1) % 50 === 0) process.stderr.write(`${task}: ${sequence + 1} of ${items.length}\n`)
  }
  const kinds = [...mismatches].sort(([, a], [, b]) => b - a).map(([kind, count]) => `${kind} ${count}`)
  console.log(
    `${task}: ${items.length} ${values.split} items, data ${digest.slice(0, 12)}, greedy, 95 % intervals (Wilson)`,
  )
  console.log(`  ${values.target} right      ${accuracy(verdicts.target)}`)
  console.log(`  ${values.draft} alone right  ${accuracy(verdicts.draft)}`)
  console.log(`  greedy agreement on the target's answers  ${(same / places).toFixed(3)} of ${places} tokens`)
  console.log(`  mismatches by class of the target's token: ${kinds.join(', ')}`)
}
