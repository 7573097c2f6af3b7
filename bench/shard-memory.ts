/**
 * Memory of 1, 2 and 4 shard processes together, beside that of one: each loads its own layers only. The bar: at most 1.25 times one
 * process plus 90 MB a process. Exit code 1 when it is missed.
 *
 *     node --import tsx bench/shard-memory.ts [MODEL]... [--nodes 1]... [--engine NAME]
 *
 * Default: the bundled pair; a model is not cut into more nodes than it has layers. Reads /proc, so it runs on Linux alone.
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { autoregressive, DsdError } from '@dsd-lab/core'
import { ENGINE_NAMES, localCluster, openModel } from '@dsd-lab/node-runtime'
import { isMet } from './bars.ts'
import { machineLoad } from './machine-load.ts'
import { startTable } from './table.ts'

const SHARE_BAR = 1.25
const BYTES_A_PROCESS = 90e6
/** Enough that caches and activations are there. */
const TOKENS = 16

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    nodes: { type: 'string', multiple: true, default: ['1', '2', '4'] },
    engine: { type: 'string' },
  },
})
const engine = ENGINE_NAMES.find((name) => name === values.engine)
if (values.engine !== undefined && engine === undefined) {
  throw new DsdError(`no engine is called ${values.engine}`, { kind: 'bad-input', where: '--engine' })
}

/** Bytes of one process, or of several together. */
interface Memory {
  readonly resident: number
  /** Resident, with pages that processes share divided among them: what they take of the machine together. */
  readonly proportional: number
  /** Resident and of no file. */
  readonly anonymous: number
}

let missed = 0
for (const model of positionals.length > 0 ? positionals : ['bundled:lab-target', 'bundled:lab-draft']) {
  console.log(`\n${model}; ${machineLoad()}`)
  const printRow = startTable(
    ['nodes', 'engine', 'resident MB', 'proportional', 'anonymous', 'a process', 'at most', 'bar'],
    { first: 5 },
  )
  let one: Memory | undefined
  const { layers } = (await openModel(model)).config
  for (const nodes of values.nodes.map(Number).filter((count) => count <= layers)) {
    const { processes, engineName } = await measure(model, nodes)
    const all = together(processes)
    one ??= all
    const most = SHARE_BAR * one.proportional + BYTES_A_PROCESS * nodes
    const met = isMet({ name: `${nodes} nodes`, measured: all.proportional, bound: most, direction: 'at most' })
    if (!met) missed++
    printRow([
      String(nodes),
      engineName,
      mb(all.resident),
      mb(all.proportional),
      mb(all.anonymous),
      processes.map(({ resident }) => mb(resident)).join(' '),
      mb(most),
      met ? 'met' : 'MISSED',
    ])
  }
}
console.log('\nproportional: resident, with what processes share divided among them; the bar is on it')
process.exitCode = missed === 0 ? 0 : 1

async function measure(model: string, nodes: number) {
  await using cluster = await localCluster({ model, nodes, ...(engine === undefined ? {} : { engine }) })
  const prompt = cluster.tokenizer.encode('def add(a, b):')
  const text = { target: cluster, prompt, seed: 1, sampling: { temperature: 0 }, maxTokens: TOKENS }
  let tokens = 0
  for await (const commit of autoregressive(text)) tokens += commit.tokens.length
  if (tokens === 0) throw new Error('nothing was decoded')
  return {
    processes: cluster.nodes.map(({ pid }) => readMemory(pid)),
    engineName: [...new Set(cluster.nodes.map(({ engine: { name } }) => name))].join(', '),
  }
}

function readMemory(pid: number): Memory {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
  const bytes = (field: string): number => Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1]) * 1024
  return { resident: bytes('Rss'), proportional: bytes('Pss'), anonymous: bytes('Anonymous') }
}

function together(processes: readonly Memory[]): Memory {
  const sum = (field: keyof Memory): number => processes.reduce((total, memory) => total + memory[field], 0)
  return { resident: sum('resident'), proportional: sum('proportional'), anonymous: sum('anonymous') }
}

function mb(bytes: number): string {
  return (bytes / 1e6).toFixed(0)
}
