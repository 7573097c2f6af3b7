/**
 * What each precision of engine `onnx` costs in faithfulness: KL divergence from the float32 logits of the same checkpoint, over
 * the text of this repository, cut into texts of 500 tokens.
 *
 *     node --import tsx bench/precision.ts MODEL... [--positions 2000] [--precision q8]...
 *
 * The float32 model is in memory beside each of the others: 4 bytes a parameter, and as much on disk the first time.
 */
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { DsdError } from '@dsd-lab/core'
import { loadModel, openModel, PRECISIONS } from '@dsd-lab/node-runtime'
import { median } from './median.ts'
import { divergences } from './precision/divergences.ts'
import { startTable } from './table.ts'

const TEXTS = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'packages/core/src/protocol/coordinator-machine.ts']
const TEXT_TOKENS = 500

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    positions: { type: 'string', default: '2000' },
    precision: { type: 'string', multiple: true, default: ['as-stored', 'q8', 'q4', 'q4-all'] },
  },
})
if (positionals.length === 0) throw new DsdError('name one or more models', { kind: 'bad-input' })
const precisions = PRECISIONS.filter((precision) => values.precision.includes(precision))

const text = (await Promise.all(TEXTS.map((file) => readFile(new URL(`../${file}`, import.meta.url), 'utf8')))).join(
  '\n',
)

for (const ref of positionals) {
  const model = await openModel(ref)
  const ids = (await model.tokenizer()).encode(text).slice(0, Number(values.positions))
  const texts = Array.from({ length: Math.ceil(ids.length / TEXT_TOKENS) }, (_, i) =>
    ids.slice(i * TEXT_TOKENS, (i + 1) * TEXT_TOKENS),
  )
  console.log(`\n${ref}: KL(f32 || precision) in nats over ${ids.length} positions`)
  const printRow = startTable(['precision', 'mean', 'median', '99 %', 'largest', 'same greedy id'], { first: 12 })
  const reference = await loadModel({ model, engine: 'onnx', precision: 'f32' })
  for (const precision of precisions) {
    const engine = await loadModel({ model, engine: 'onnx', precision })
    const { kl, sameToken } = await divergences({ reference, engine, texts })
    const sorted = kl.toSorted((a, b) => a - b)
    const quantile = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN
    const numbers = [mean(kl), median(kl), quantile(0.99), quantile(1)].map((value) => value.toExponential(2))
    printRow([precision, ...numbers, `${(100 * mean(sameToken)).toFixed(2)} %`])
    await engine[Symbol.asyncDispose]()
  }
  await reference[Symbol.asyncDispose]()
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, value) => sum + value, 0) / numbers.length
}
