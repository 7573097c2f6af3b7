import { fork } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DsdError } from '@dsd-lab/core'
import { Command } from 'commander'
import { loadExperiment } from '../cli/load-experiment.ts'
import { locateExperiment } from '../cli/locate-experiment.ts'
import { tableText } from '../cli/table.ts'
import { loadTask } from '../datasets/index.ts'
import { combinations, type Divergence, type Grid, type NumberedPrompt } from './grid.ts'
import { verifyLive } from './live.ts'
import type { Share } from './share.ts'
import { Tally } from './tally.ts'
import type { WorkerMessage } from './worker.ts'

interface Options {
  readonly experiment: string
  readonly prompts: number
  readonly livePrompts: number
  readonly nodes: readonly number[]
  readonly liveNodes: readonly number[]
  readonly gammas: readonly number[]
  readonly temperatures: readonly number[]
  readonly jobs: number
}

const numbers = (text: string): number[] => text.split(',').map(Number)

const options = new Command('verify-lossless')
  .description('compare every token of speculative decoding under lossless rules with plain decoding')
  .option('--experiment <file>', 'whose models and prompts are used', 'ablation-adaptive.ts')
  .option('--prompts <count>', 'prompts of each task, from the first one on', Number, Number.POSITIVE_INFINITY)
  .option('--live-prompts <count>', 'the same, over live shard processes; 0 for none', Number, Number.POSITIVE_INFINITY)
  .option('--nodes <list>', 'shards in process', numbers, [1, 2, 3, 5, 8])
  .option('--live-nodes <list>', 'live shard processes', numbers, [1, 2, 4])
  .option('--gammas <list>', 'draft windows', numbers, [1, 2, 4, 8])
  .option('--temperatures <list>', 'temperatures', numbers, [0, 0.8])
  .option('--jobs <count>', 'worker processes', Number, availableParallelism())
  .parse()
  .opts<Options>()

async function main(): Promise<number> {
  const experiment = await loadExperiment(locateExperiment(options.experiment))
  const draftRef = experiment.models.draft
  if (typeof draftRef !== 'string') {
    throw new DsdError('drafts with no model', {
      kind: 'bad-input',
      where: options.experiment,
      fix: 'name a draft model',
    })
  }
  const prompts = (most: number): NumberedPrompt[] =>
    experiment.tasks.flatMap(({ name, limit = 50, seed = 1, maxTokens = 160 }) =>
      loadTask(name, { limit, seed })
        .items.slice(0, most)
        .map(({ id, prompt }, sequence) => ({ item: id, sequence, text: prompt, maxTokens })),
    )
  const { gammas, temperatures } = options
  const grid: Grid = { nodes: options.nodes, gammas, temperatures, seed: 1 }
  const liveGrid: Grid = { ...grid, nodes: options.liveNodes }
  const shared = { targetRef: experiment.models.target, draftRef }
  const share: Share = { ...shared, grid, prompts: prompts(options.prompts) }
  const liveShare: Share = { ...shared, grid: liveGrid, prompts: prompts(options.livePrompts) }
  const total =
    share.prompts.length * combinations(grid).length + liveShare.prompts.length * combinations(liveGrid).length
  const tally = new Tally(total)
  await inProcesses(share, tally)
  if (liveShare.prompts.length > 0) {
    await verifyLive(liveShare, (divergence, nodes) => tally.add(divergence, liveLabel(nodes)))
  }
  print(tally, { share, liveShare })
  return tally.divergences.length === 0 ? 0 : 1
}

const label = (nodes: number): string => `${nodes} in process`
const liveLabel = (nodes: number): string => `${nodes} live`

async function inProcesses(share: Share, tally: Tally): Promise<void> {
  const script = new URL(`./worker${extname(fileURLToPath(import.meta.url))}`, import.meta.url)
  await Promise.all(
    Array.from({ length: options.jobs }, async (_, job) => {
      const prompts = share.prompts.filter((_prompt, index) => index % options.jobs === job)
      if (prompts.length === 0) return
      const child = fork(script)
      let end: WorkerMessage | undefined
      child.on('message', (message: WorkerMessage) => {
        if (message.kind === 'compared') tally.add(message.divergence, label(message.nodes))
        else end = message
      })
      child.send({ ...share, prompts })
      await once(child, 'exit')
      if (end?.kind !== 'done') throw new Error(end?.kind === 'failed' ? end.message : 'a worker process ended early')
    }),
  )
}

function print(tally: Tally, { share, liveShare }: { readonly share: Share; readonly liveShare: Share }): void {
  const places = [
    ...share.grid.nodes.map(label),
    ...(liveShare.prompts.length > 0 ? liveShare.grid.nodes.map(liveLabel) : []),
  ]
  const differing = (place: string): Divergence[] =>
    tally.divergences.filter(({ combination: { nodes }, live }) => place === (live ? liveLabel : label)(nodes))
  process.stdout.write(
    `${tableText({
      head: ['nodes', 'texts', 'equal to plain decoding', 'different'],
      rows: places.map((place) => {
        const count = tally.compared.get(place) ?? 0
        const different = differing(place).length
        return [place, `${count}`, `${count - different}`, `${different}`]
      }),
    })}\n`,
  )
  for (const { item, combination, live, place, expected, found, marginNats } of tally.divergences.slice(0, 20)) {
    const where = `${combination.rule}, N ${combination.nodes}${live ? ' live' : ''}, gamma ${combination.gamma}, T ${combination.temperature}`
    process.stdout.write(
      `${item}: ${where}: token ${place} is ${found ?? 'absent'} instead of ${expected ?? 'absent'}, top-2 margin ${marginNats?.toFixed(6) ?? 'unknown'} nats\n`,
    )
  }
  const { gammas, temperatures } = share.grid
  process.stdout.write(
    `${share.prompts.length} prompts, gamma ${gammas.join(', ')}, temperature ${temperatures.join(', ')}, ${tally.seconds}: ${
      tally.divergences.length === 0 ? 'every id equal' : `${tally.divergences.length} texts differ`
    }\n`,
  )
}

try {
  process.exitCode = await main()
} catch (error) {
  process.stderr.write(
    `${error instanceof DsdError ? error.line : error instanceof Error ? error.message : String(error)}\n`,
  )
  process.exitCode = error instanceof DsdError ? error.exitCode : 1
}
