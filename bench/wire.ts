/**
 * What hidden states cost on the wire, and what rounding them costs the text: a teacher-forced text through N shards with
 * every format, bytes per position on the links between nodes, KL of the tail's law to that of `f32`, and how often the
 * most likely token is another.
 *
 *     node --import tsx bench/wire.ts [--model bundled:lab-target] [--nodes 4] [--positions 400] [--text README.md]
 */
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import {
  ACTIVATION_FORMATS,
  type ActivationFormat,
  DsdError,
  inProcessTarget,
  klDivergence,
  type RuleResolver,
  softmax,
} from '@dsd-lab/core'
import { loadTask } from '@dsd-lab/experiments'
import { loadShard, type ModelSource, openModel, placeLayers } from '@dsd-lab/node-runtime'
import { startTable } from './table.ts'

const WINDOW = 8
const SEED = 1

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'bundled:lab-target' },
    nodes: { type: 'string', default: '4' },
    positions: { type: 'string', default: '400' },
    text: { type: 'string' },
  },
})

const model = await openModel(values.model)
const tokenizer = await model.tokenizer()
const ids = tokenizer.encode(await textFor(model)).slice(0, Number(values.positions))
const ranges = placeLayers({ layers: model.config.layers, speeds: Array(Number(values.nodes)).fill(1) })
const shards = await Promise.all(ranges.map((layers) => loadShard({ model, layers })))

interface Passage {
  /** Logits of each position, in order. `[positions][vocab]` */
  readonly logits: readonly Float32Array[]
  /** Bytes of all links between nodes. */
  readonly bytes: number
}

/** The whole text as windows of a draft that is always kept. */
async function passThrough(activations: ActivationFormat): Promise<Passage> {
  const logits: Float32Array[] = []
  const resolveRule: RuleResolver = (spec) => ({
    spec,
    lossless: false,
    needs: 'ids',
    drafting: 'greedy',
    judge(rows) {
      for (const row of rows) logits.push(row.logits.slice())
      const last = rows.at(-1)?.position ?? 0
      return { accepted: rows.length - 1, next: ids[last] ?? 0, annotations: rows.map(() => ({ origin: 'target' })) }
    },
  })
  await using target = inProcessTarget({ name: model.ref, shards, resolveRule, eos: [], activations })
  const request = { rule: { name: 'teacher' }, sampling: { temperature: 0 }, seed: SEED, sequence: 0, eos: [] }
  const session = await target.open({ ...request, prompt: ids.slice(0, 1), maxLength: model.config.maxLength })
  let bytes = 0
  while (session.committed.length < ids.length) {
    const done = session.committed.length
    const tokens = ids.slice(done, Math.min(done + WINDOW, ids.length - 1))
    const round = await session.verify({ tokens, steps: 0 }, { startMs: 0, draftMs: 0 })
    bytes += round.bytes.forward.slice(1).reduce((sum, link) => sum + link, 0)
  }
  await session.close()
  return { logits, bytes }
}

const passages = new Map<ActivationFormat, Passage>()
for (const format of ACTIVATION_FORMATS) passages.set(format, await passThrough(format))
const exact = passages.get('f32')
const laws = exact?.logits.map((row) => softmax(row)) ?? []

console.log(
  `${model.ref}, ${ranges.length} shards, ${laws.length} positions, windows of ${WINDOW}, engine ${shards[0]?.engine.name}`,
)
const printRow = startTable(['format', 'bytes a position', 'of f32', 'mean KL, nats', 'worst KL', 'other top token'])
for (const [format, { logits, bytes }] of passages) {
  const kl = logits.map((row, place) => divergence(place, row))
  const others = logits.filter((row, place) => top(row) !== top(exact?.logits[place])).length
  printRow([
    format,
    (bytes / laws.length).toFixed(0),
    (bytes / (exact?.bytes ?? Number.NaN)).toFixed(3),
    (kl.reduce((sum, one) => sum + one, 0) / kl.length).toExponential(2),
    Math.max(...kl).toExponential(2),
    `${others} of ${laws.length}`,
  ])
}
for (const shard of shards) await shard[Symbol.asyncDispose]()

function divergence(place: number, row: Float32Array): number {
  const law = laws[place]
  return law === undefined ? Number.NaN : klDivergence(law, softmax(row))
}

function top(row: Float32Array | undefined): number {
  return row === undefined
    ? -1
    : row.indexOf(row.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY))
}

/** The bundled models know nothing but their tasks. */
async function textFor({ bundled }: ModelSource): Promise<string> {
  const { text } = values
  if (text !== undefined || !bundled) {
    return readFile(text ?? new URL('../README.md', import.meta.url), 'utf8').catch((cause: unknown) => {
      throw new DsdError('cannot be read', { kind: 'bad-input', where: text ?? 'README.md', cause })
    })
  }
  const { items } = loadTask('word-problems', { limit: 12 })
  return items.map(({ prompt, reference }) => `${prompt}${reference}`).join('\n')
}
