/**
 * Tokens per second over N shard processes and slow links, beside llama.cpp with its layers on N RPC servers: the same GGUF files,
 * prompts and one-way delays, plain and speculative, all greedy. Ours also with the next window drafted while one travels, behind the
 * shards on the same cores, and with the draft model computed in 4 bits then; both are held against their same window, for they have
 * nothing like it.
 *
 *     LLAMA_CPP_DIR=/path/to/build node --import tsx bench/peers.ts [--plain SMOLLM2.gguf] [--target QWEN_1.5B.gguf --draft QWEN_0.5B.gguf]
 *         [--nodes 4] [--one-way 20] [--tokens 96] [--gamma 4]... [--rounds 1]
 *
 * llama.cpp is built with `cmake -B build -DGGML_RPC=ON && cmake --build build -t ggml-rpc-server llama-completion
 * llama-speculative-simple`. Exit code 1 when a bar is missed.
 */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { DsdError } from '@dsd-lab/core'
import { type Bar, printBars } from './bars.ts'
import { machineLoad } from './machine-load.ts'
import { median } from './median.ts'
import { findLlamaBuild } from './peers/llama-build.ts'
import { LlamaRpc } from './peers/llama-rpc.ts'
import { ourPace } from './peers/our-cluster.ts'
import type { DecodingTask, DraftingTask } from './peers/task.ts'
import { startTable } from './table.ts'

const PLAIN_BAR = 1.5
const SPECULATIVE_BAR = 2
const OVER_PLAIN_PEER_BAR = 6
/** The first rounds of a process are slow: code is still being compiled. */
const WARM_UP_TOKENS = 48

const STORY = 'The history of the lighthouse begins long before the first ships came to the bay. In the early years,'
const PROGRAM = `# A module of small functions on lists of numbers, each with a docstring and type hints.

def mean(values: list[float]) -> float:
    """Arithmetic mean of a list."""
    return sum(values) / len(values)

def median(values: list[float]) -> float:
`

const { values } = parseArgs({
  options: {
    plain: { type: 'string' },
    target: { type: 'string' },
    draft: { type: 'string' },
    nodes: { type: 'string', default: '4' },
    'one-way': { type: 'string', default: '20' },
    tokens: { type: 'string', default: '96' },
    gamma: { type: 'string', multiple: true, default: ['4', '8'] },
    rounds: { type: 'string', default: '1' },
  },
})

const build = findLlamaBuild(process.env.LLAMA_CPP_DIR)
if ('missing' in build) {
  console.log(`bench/peers: skipped: ${build.missing}`)
  process.exit(0)
}
const { plain, target, draft } = values
if (plain === undefined && (target === undefined || draft === undefined)) {
  throw new DsdError('no model is named', {
    kind: 'bad-input',
    fix: 'give --plain, or --target and --draft, or all three',
  })
}
const nodes = Number(values.nodes)
const link = { latencyMs: Number(values['one-way']) }
const threads = availableParallelism()
const length = { warmUpTokens: WARM_UP_TOKENS, tokens: Number(values.tokens) }

interface Arm {
  readonly name: string
  readonly task: DecodingTask
  /** The arm whose pace of theirs it is held against; absent: its own. */
  readonly against?: string
}
const plainArm = (name: string, model: string, prompt: string): Arm => ({ name, task: { model, prompt, ...length } })
const SPECULATIVE = 'pair, window'
const arms: Arm[] = []
if (plain !== undefined) arms.push(plainArm('plain', plain, STORY))
if (target !== undefined && draft !== undefined) {
  arms.push(plainArm('pair, plain', target, PROGRAM))
  for (const gamma of values.gamma) {
    const name = `${SPECULATIVE} ${gamma}`
    const drafting = { path: draft, gamma: Number(gamma) }
    const armOf = (title: string, more: Partial<DraftingTask>): Arm => ({
      name: title,
      task: { model: target, draft: { ...drafting, ...more }, prompt: PROGRAM, ...length },
      ...(title !== name && { against: name }),
    })
    arms.push(
      armOf(name, {}),
      armOf(`${name}, ahead`, { ahead: true }),
      armOf(`${name}, ahead, draft in 4 bits`, { ahead: true, precision: 'q4-all' }),
    )
  }
}

console.log(
  `${nodes} nodes, ${link.latencyMs} ms one way, ${threads} threads each, ${values.tokens} tokens after ${WARM_UP_TOKENS}`,
)
console.log(`${machineLoad()}\n`)
const printRow = startTable(['arm', 'ours tok/s', 'llama.cpp tok/s', 'ratio'], { first: 36 })
const ours = new Map<string, number>()
const theirs = new Map<string, number>()
for (const { name, task, against } of arms) {
  const paces = { ours: [] as number[], theirs: against === undefined ? [] : [theirs.get(against) ?? Number.NaN] }
  for (let round = 0; round < Number(values.rounds); round++) {
    paces.ours.push((await ourPace(task, { nodes, link })).tokensPerSecond)
    if (against !== undefined) continue
    await using rpc = await LlamaRpc.start({ build, nodes, link, threads })
    paces.theirs.push((await rpc.pace(task)).tokensPerSecond)
  }
  ours.set(name, median(paces.ours))
  theirs.set(name, median(paces.theirs))
  printRow([name, rate(ours.get(name)), rate(theirs.get(name)), rate(median(paces.ours) / median(paces.theirs))])
}

/** NaN where nothing was drafted. */
const best = (paces: ReadonlyMap<string, number>): number =>
  [...paces].filter(([name]) => name.startsWith(SPECULATIVE)).sort(([, a], [, b]) => b - a)[0]?.[1] ?? Number.NaN
const of = (paces: ReadonlyMap<string, number>, name: string): number => paces.get(name) ?? Number.NaN
const bars = [
  ['plain over their plain', of(ours, 'plain') / of(theirs, 'plain'), PLAIN_BAR],
  ['best speculative over their best', best(ours) / best(theirs), SPECULATIVE_BAR],
  ['best speculative over the plain peer', best(ours) / of(theirs, 'pair, plain'), OVER_PLAIN_PEER_BAR],
] as const
console.log()
const measuredBars = bars
  .filter(([, measured]) => !Number.isNaN(measured))
  .map(([name, measured, bound]): Bar => ({ name, measured, bound, direction: 'at least' }))
process.exitCode = printBars(measuredBars) === 0 ? 0 : 1

function rate(value: number | undefined): string {
  return value?.toFixed(2) ?? ''
}
