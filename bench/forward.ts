/**
 * Time of one forward pass of the target for windows of 1, 5 and 9 positions, and tokens per second of plain and
 * speculative decoding, on every engine that is set up here. Engines take turns, so that their numbers compare.
 *
 *     node --import tsx bench/forward.ts [--target REF] [--draft REF] [--context 150] [--rounds 60] [--engine NAME]... [--clock wall|cpu]
 */
import { parseArgs } from 'node:util'
import { DsdError } from '@dsd-lab/core'
import { ENGINE_NAMES, isAvailable, loadModel, openModel } from '@dsd-lab/node-runtime'
import { timeArms } from './forward/arms.ts'
import { CLOCKS } from './forward/clock.ts'
import { timeWindows } from './forward/windows.ts'
import { machineLoad } from './machine-load.ts'
import { startTable } from './table.ts'

const WINDOWS = [1, 5, 9]
const PROMPTS = [
  'Question: In the morning there are 58 children on the bus. At the first stop 15 more children get on. Find the number of children that are on the bus now.\nAnswer:',
  '// From list, put them in ascending order, keep everything below 9 and keep only 5 from the end.\nfunction work(list) {',
]

const { values } = parseArgs({
  options: {
    target: { type: 'string', default: 'bundled:lab-target' },
    draft: { type: 'string', default: 'bundled:lab-draft' },
    context: { type: 'string', default: '150' },
    rounds: { type: 'string', default: '60' },
    clock: { type: 'string', default: 'wall' },
    engine: { type: 'string', multiple: true, default: [...ENGINE_NAMES] },
  },
})
const context = Number(values.context)
const clock = CLOCKS.find((known) => known === values.clock)
if (clock === undefined) throw new DsdError(`no clock ${values.clock}`, { kind: 'bad-input', where: '--clock' })
const target = await openModel(values.target)
const draft = await openModel(values.draft)
const names = ENGINE_NAMES.filter((name) => values.engine.includes(name) && isAvailable(name))
if (names.length === 0)
  throw new DsdError('none of these engines is set up here', { kind: 'bad-input', where: '--engine' })

const millions = (count: number): string => `${(count / 1e6).toFixed(2)} M parameters`
console.log(`target ${target.ref}: ${millions(target.parameters)}; draft ${draft.ref}: ${millions(draft.parameters)}`)
console.log(machineLoad())
for (const name of ENGINE_NAMES.filter((known) => !isAvailable(known))) console.log(`${name}: not set up here`)

for (const model of [target, draft]) {
  const engines = await Promise.all(names.map((engine) => loadModel({ model, engine })))
  const times = await timeWindows({ engines, windows: WINDOWS, context, rounds: Number(values.rounds), clock })
  console.log(`\n${model.ref}, ${context} positions before the window, median ms (${clock}) of ${values.rounds} rounds`)
  const headings = ['engine', ...WINDOWS.map((window) => `window ${window}`), '5 / 1', '9 / 1', 'rows alike']
  const printRow = startTable(headings, { first: 15 })
  for (const [e, { engine }] of engines.entries()) {
    const [one = Number.NaN, five = Number.NaN, nine = Number.NaN] = times[e] ?? []
    const ratios = [five / one, nine / one].map((ratio) => ratio.toFixed(2))
    const { holds } = engine.rowInvariance
    printRow([engine.name, ...[one, five, nine].map((ms) => ms.toFixed(2)), ...ratios, holds ? 'yes' : 'no'])
  }
  for (const engine of engines) await engine[Symbol.asyncDispose]()
}

console.log(`\ndecoding, target and draft model in one process, no links (${clock} time)`)
const printArm = startTable(['engine', 'arm', 'tokens/s', 'speed-up', 'tokens/round', 'same text'], {
  first: 15,
  others: 16,
})
for (const engine of names) {
  const results = await timeArms({ engine, target, draft, prompts: PROMPTS, maxTokens: 64, clock })
  const plain = results[0]
  for (const { arm, tokensPerSecond, tokensPerRound, text } of results) {
    const speedup = tokensPerSecond / (plain?.tokensPerSecond ?? Number.NaN)
    const numbers = [tokensPerSecond.toFixed(1), speedup.toFixed(2), tokensPerRound.toFixed(2)]
    printArm([engine, arm, ...numbers, text === plain?.text ? 'yes' : 'NO'])
  }
}
