import { resolveRule } from '@dsd-lab/acceptance'
import {
  autoWindow,
  confidenceStop,
  constantCostWindow,
  type DraftedAhead,
  type Drafter,
  emaWindow,
  fixedWindow,
  inProcessTarget,
  type LinkModel,
  openingBytes,
  PURPOSE,
  type RecordedPass,
  type RoundBytes,
  type RoundTiming,
  type RuleSpec,
  recordPass,
  replayText,
  speculative,
  type Target,
  type TimedChain,
  uniformField,
  type WindowPolicy,
} from '@dsd-lab/core'
import { loadDrafter, loadShard, type ModelSource, openModel, placeLayers } from '@dsd-lab/node-runtime'
import { loadTask } from '../../src/datasets/index.ts'

/** One configuration, drawn at random. */
export interface LiveCell {
  readonly nodes: number
  readonly links: readonly LinkModel[]
  readonly networkSeed: number
  readonly compute: TimedChain['compute']
  readonly draftStepMs: number
  readonly controller: string
  readonly window: () => WindowPolicy
  readonly draftAhead: boolean
  readonly temperature: number
  readonly rule: RuleSpec
  readonly seed: number
  readonly maxTokens: number
  /** Places of two texts in the task; the second goes on with what the controller learnt from the first. */
  readonly texts: readonly number[]
}

/** A round, whether it was decoded or replayed. */
export interface CellRound {
  readonly text: number
  readonly committedBefore: number
  readonly rows: number
  readonly forced: number
  readonly drafted: number
  readonly draftSteps: number
  readonly accepted: number
  readonly committed: number
  readonly ahead?: DraftedAhead
  readonly timing: RoundTiming
  readonly bytes: RoundBytes
}

const DEEPEST = 16
const NODES = [1, 2, 3, 4, 8] as const
const { items } = loadTask('word-problems', { limit: 8 })

/** A cell that depends on its number alone. */
export function drawCell(number: number): LiveCell {
  const field = uniformField({ seed: 77, purpose: PURPOSE.WORKLOAD, sequence: 0, position: number })
  let drawn = 0
  const draw = (from: number, to: number): number => from + (to - from) * field.at(drawn++)
  const pick = <T>(list: readonly [T, ...T[]]): T => list[Math.floor(draw(0, list.length))] ?? list[0]
  const nodes = pick(NODES)
  const gamma = Math.floor(draw(0, 10))
  const threshold = draw(0.2, 0.9)
  const [controller, window] = pick<readonly [string, () => WindowPolicy]>([
    [`fixed ${gamma}`, () => fixedWindow(gamma)],
    [`confidence ${gamma} ${threshold.toFixed(2)}`, () => confidenceStop({ gamma, threshold })],
    ['auto', () => autoWindow()],
    ['ema', () => emaWindow()],
    ['constant-cost', () => constantCostWindow()],
  ])
  const links = Array.from({ length: nodes + 1 }, (): LinkModel => {
    const latencyMs = draw(1, 90)
    return {
      latencyMs,
      jitterMs: pick([0, draw(0, latencyMs)]),
      bandwidthMbps: draw(0.5, 200),
      loss: pick([0, draw(0, 0.2)]),
    }
  })
  const temperature = pick([0, 0.8])
  return {
    nodes,
    links,
    networkSeed: number,
    compute: Array.from({ length: nodes }, () => ({ baseMs: draw(0, 20), perRowMs: draw(0, 4) })),
    draftStepMs: draw(0, 6),
    controller,
    window,
    temperature,
    rule: { name: temperature === 0 ? pick(['strict', 'greedy', 'coupled']) : 'coupled' },
    seed: Math.floor(draw(0, 1000)),
    maxTokens: Math.floor(draw(10, 70)),
    texts: [Math.floor(draw(0, items.length)), Math.floor(draw(0, items.length))],
    draftAhead: pick([false, true]),
  }
}

/** The bundled pair, the target cut in every way that a cell asks for. */
export class LivePair implements AsyncDisposable {
  readonly #model: ModelSource
  readonly #drafter: Drafter
  readonly #shards: ReadonlyMap<number, Awaited<ReturnType<typeof loadShard>>[]>
  readonly #digest: string
  readonly #encode: (text: string) => number[]
  readonly #passes = new Map<string, Promise<RecordedPass>>()

  private constructor(parts: {
    readonly model: ModelSource
    readonly drafter: Drafter
    readonly shards: ReadonlyMap<number, Awaited<ReturnType<typeof loadShard>>[]>
    readonly digest: string
    readonly encode: (text: string) => number[]
  }) {
    this.#model = parts.model
    this.#drafter = parts.drafter
    this.#shards = parts.shards
    this.#digest = parts.digest
    this.#encode = parts.encode
  }

  static async load(): Promise<LivePair> {
    const model = await openModel('bundled:lab-target')
    const tokenizer = await model.tokenizer()
    const shards = new Map<number, Awaited<ReturnType<typeof loadShard>>[]>()
    for (const nodes of NODES) {
      const ranges = placeLayers({ layers: model.config.layers, speeds: Array<number>(nodes).fill(1) })
      shards.set(nodes, await Promise.all(ranges.map((layers) => loadShard({ model, layers }))))
    }
    return new LivePair({
      model,
      drafter: await loadDrafter({ model: 'bundled:lab-draft' }),
      shards,
      digest: await model.digest(),
      encode: (text) => tokenizer.encode(text),
    })
  }

  /** Decodes the texts of a cell for real: engines, machines, frames, on the virtual clock. */
  async decode(cell: LiveCell): Promise<CellRound[]> {
    const { nodes, links, networkSeed: seed, compute, draftStepMs } = cell
    const target = this.#target(nodes, { network: { links, seed }, compute, draftStepMs })
    const window = cell.window()
    const rounds: CellRound[] = []
    for (const [text, sequence] of cell.texts.entries()) {
      const loop = speculative({
        target,
        drafter: this.#drafter,
        rule: cell.rule,
        window,
        draftAhead: cell.draftAhead,
        ...this.#asks(cell, sequence),
      })
      for await (const { round, tokens } of loop) {
        const { committedBefore, rows, forced, drafted, draftSteps, accepted, ahead, timing, bytes } = round
        const counts = { drafted: drafted.length, draftSteps, accepted, committed: tokens.length }
        rounds.push({ text, committedBefore, rows, forced, ...counts, ...(ahead && { ahead }), timing, bytes })
      }
    }
    return rounds
  }

  /** The same from the recorded passes of its texts alone. */
  async replay(cell: LiveCell): Promise<CellRound[]> {
    const { nodes, links, networkSeed: seed, compute, draftStepMs, rule, draftAhead } = cell
    const { hiddenSize, eos } = this.#model.config
    const chain = { nodes, hiddenSize, network: { links, seed }, compute, draftStepMs }
    const window = cell.window()
    const rounds: CellRound[] = []
    for (const [text, sequence] of cell.texts.entries()) {
      const pass = await this.pass(cell, sequence)
      const request = { ...this.#asks(cell, sequence), maxLength: pass.maxLength, rule, eos }
      const opening = openingBytes(request, this.#digest)
      const replayed = replayText({ pass, window, chain, sequence, openingBytes: opening, draftAhead })
      for (const { index: _, ...round } of replayed) rounds.push({ text, ...round })
    }
    return rounds
  }

  /** Recorded once for all cells that share it. */
  pass(cell: LiveCell, sequence: number): Promise<RecordedPass> {
    const { temperature, seed, maxTokens } = cell
    const key = JSON.stringify([sequence, temperature, temperature === 0 ? 0 : seed, maxTokens])
    const known = this.#passes.get(key)
    if (known !== undefined) return known
    const made = recordPass({
      target: this.#target(1, {}),
      drafter: this.#drafter,
      confidenceDepth: DEEPEST,
      ...this.#asks(cell, sequence),
    })
    this.#passes.set(key, made)
    return made
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const shard of [...this.#shards.values()].flat()) await shard[Symbol.asyncDispose]()
    await this.#drafter[Symbol.asyncDispose]()
  }

  #target(nodes: number, costs: Partial<Parameters<typeof inProcessTarget>[0]>): Target {
    const { ref, config } = this.#model
    const shards = this.#shards.get(nodes) ?? []
    return inProcessTarget({ name: ref, shards, resolveRule, eos: config.eos, modelDigest: this.#digest, ...costs })
  }

  #asks({ temperature, seed, maxTokens }: LiveCell, sequence: number) {
    const prompt = this.#encode(items[sequence]?.prompt ?? '')
    return { prompt, seed, sequence, maxTokens, sampling: { temperature } }
  }
}
