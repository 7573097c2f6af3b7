/**
 * The simulator beside reality: texts decoded live over shard processes on emulated links, and simulated from what other texts taught:
 * agreement of drafts (recorded passes of other prompts), time of compute, drafting and overhead (live runs of other prompts, taken in turn
 * with those that are predicted, so that both meet the same load). Rounds and tokens a second, for 2, 4 and 8 nodes.
 *
 *     node --import tsx bench/simulation.ts [--prompts 16] [--recorded 60] [--gamma 4] [--latency 25] [--nodes 2,4,8]
 */
import { parseArgs } from 'node:util'
import { resolveRule } from '@dsd-lab/acceptance'
import {
  drawPass,
  fixedWindow,
  inProcessTarget,
  measureMatches,
  type Round,
  recordPass,
  simulate,
  speculative,
} from '@dsd-lab/core'
import { loadTask } from '@dsd-lab/experiments'
import { loadDrafter, loadModel, localCluster, openModel } from '@dsd-lab/node-runtime'
import { printBars } from './bars.ts'
import { machineLoad } from './machine-load.ts'
import { chainFrom, fitOf } from './simulation/fit.ts'
import { startTable } from './table.ts'

const BAR = 0.05
const DRAWN_TEXTS = 300
const MAX_TOKENS = 128

const { values } = parseArgs({
  options: {
    prompts: { type: 'string', default: '16' },
    recorded: { type: 'string', default: '60' },
    gamma: { type: 'string', default: '4' },
    latency: { type: 'string', default: '25' },
    nodes: { type: 'string', default: '2,4,8' },
  },
})
const gamma = Number(values.gamma)
const latencyMs = Number(values.latency)
const prompts = Number(values.prompts)
const target = 'bundled:lab-target'

const model = await openModel(target)
const tokenizer = await model.tokenizer()
const { items } = loadTask('word-problems', { limit: prompts + Number(values.recorded) })
const heldOut = items.slice(0, prompts).map(({ prompt }) => tokenizer.encode(prompt))
const others = items.slice(prompts).map(({ prompt }) => tokenizer.encode(prompt))

await using drafter = await loadDrafter({ model: 'bundled:lab-draft' })
const statistics = measureMatches(await recordAll())
console.log(
  `${prompts} held-out prompts live, windows of ${gamma}, links of ${latencyMs} ms; agreement from ${others.length} other prompts; ${machineLoad()}`,
)
const printRow = startTable(
  [
    'nodes',
    'rounds/s live',
    'simulated',
    'error',
    'tokens/s live',
    'simulated',
    'error',
    'base ms',
    'per row ms',
    'draft ms',
    'overhead ms',
  ],
  { first: 5 },
)
let worst = 0
for (const nodes of values.nodes.split(',').map(Number)) {
  const { taught, measured } = await decodeLive(nodes)
  const fit = fitOf(taught.rounds, { latencyMs })
  const chain = chainFrom({ fit, nodes, hiddenSize: model.config.hiddenSize, latencyMs })
  const texts = Array.from({ length: DRAWN_TEXTS }, (_, number) => drawPass(statistics, { seed: 1, number }))
  const simulated = simulate({ chain, texts, window: fixedWindow(gamma) })
  const rounds = (1000 * measured.rounds.length) / measured.ms
  const tokens = (1000 * measured.tokens) / measured.ms
  const errors = [simulated.roundsPerSecond / rounds - 1, simulated.tokensPerSecond / tokens - 1] as const
  worst = Math.max(worst, ...errors.map(Math.abs))
  printRow([
    `${nodes}`,
    rounds.toFixed(3),
    simulated.roundsPerSecond.toFixed(3),
    percent(errors[0]),
    tokens.toFixed(3),
    simulated.tokensPerSecond.toFixed(3),
    percent(errors[1]),
    fit.baseMs.toFixed(2),
    fit.perRowMs.toFixed(3),
    fit.draftStepMs.toFixed(2),
    fit.overheadMs.toFixed(2),
  ])
}
console.log(machineLoad())
const missed = printBars([
  { name: 'largest error', measured: worst, bound: BAR, direction: 'at most', format: percent },
])
process.exitCode = missed === 0 ? 0 : 1

async function recordAll() {
  await using compute = await loadModel({ model })
  const whole = inProcessTarget({ name: target, shards: [compute], resolveRule, eos: model.config.eos })
  const passes = []
  for (const [place, prompt] of others.entries()) {
    passes.push(
      await recordPass({
        target: whole,
        drafter,
        prompt,
        seed: 1,
        sequence: prompts + place,
        maxTokens: MAX_TOKENS,
      }),
    )
  }
  return passes
}

interface LiveTexts {
  rounds: Round[]
  tokens: number
  ms: number
}

/** Held-out prompts and others by turns, after a warm-up that is not timed. */
async function decodeLive(nodes: number): Promise<{ readonly taught: LiveTexts; readonly measured: LiveTexts }> {
  await using cluster = await localCluster({ model: target, nodes, link: { latencyMs }, seed: 1 })
  const taught: LiveTexts = { rounds: [], tokens: 0, ms: 0 }
  const measured: LiveTexts = { rounds: [], tokens: 0, ms: 0 }
  const decode = async (prompt: readonly number[], into: LiveTexts): Promise<void> => {
    const request = { target: cluster, drafter, rule: { name: 'coupled' }, window: fixedWindow(gamma), prompt, seed: 1 }
    for await (const { round, tokens } of speculative({ ...request, maxTokens: MAX_TOKENS })) {
      into.rounds.push(round)
      into.tokens += tokens.length
      into.ms += round.timing.totalMs
    }
  }
  for (const prompt of others.slice(0, 2)) await decode(prompt, { rounds: [], tokens: 0, ms: 0 })
  for (const [place, prompt] of heldOut.entries()) {
    await decode(others[place % others.length] ?? prompt, taught)
    await decode(prompt, measured)
  }
  return { taught, measured }
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}
