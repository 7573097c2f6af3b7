/**
 * Our CPU engine beside llama.cpp on the same GGUF file: forward passes of windows at two context lengths, a prompt, load time and
 * memory, with the bars that this project sets itself. Each engine has a process of its own; they take turns.
 *
 *     node --import tsx bench/engines.ts MODEL.gguf [--threads 2]... [--context 256]... [--rounds 20] [--prefill 512]
 *
 * Exit code 1 when a bar is missed. A first, unmeasured load converts the weights where that was not done before.
 */
import { stat } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { DsdError } from '@dsd-lab/core'
import { loadModel, openModel } from '@dsd-lab/node-runtime'
import { printBars } from './bars.ts'
import { barsOf } from './engines/bars.ts'
import { ENGINES, timeEngines, windowKey } from './engines/time-engines.ts'
import { machineLoad } from './machine-load.ts'
import { startTable } from './table.ts'

const WINDOWS = [1, 2, 5, 9]

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    threads: { type: 'string', multiple: true, default: ['2', '1'] },
    context: { type: 'string', multiple: true, default: ['256', '2048'] },
    rounds: { type: 'string', default: '20' },
    prefill: { type: 'string', default: '512' },
  },
})
if (positionals.length === 0) throw new DsdError('name one or more GGUF files', { kind: 'bad-input' })

let missed = 0
for (const path of positionals) {
  const model = await openModel(path)
  const fileBytes = (await stat(path)).size
  const contexts = values.context.map(Number)
  await (await loadModel({ model, engine: 'onnx' }))[Symbol.asyncDispose]()
  for (const threads of values.threads.map(Number)) {
    console.log(`\n${path}, ${threads} threads; ${machineLoad()}`)
    const request = { model: path, threads, contexts, windows: WINDOWS, prefillRows: Number(values.prefill) }
    const times = await timeEngines({ ...request, rounds: Number(values.rounds), vocabulary: model.config.vocabSize })
    const headings = WINDOWS.map((window) => `window ${window}`)
    const printRow = startTable(['engine', 'context', ...headings, `prefill ${values.prefill}`, 'load', 'memory'], {
      others: 15,
    })
    for (const engine of ENGINES) {
      const { windows, prefill, loaded, residentBytes } = times[engine]
      for (const [i, context] of contexts.entries()) {
        const cells = WINDOWS.map((window) => windows.get(windowKey(context, window)))
        const ms = cells.map((cell) => `${cell?.median.toFixed(1)} (${cell?.least.toFixed(1)})`)
        const once = [
          `${prefill.median.toFixed(0)} (${prefill.least.toFixed(0)})`,
          `${(loaded.loadMs / 1000).toFixed(1)} s`,
          `${mb(loaded.residentBytes)} (${mb(loaded.mappedBytes)}) / ${mb(residentBytes)}`,
        ]
        printRow([engine, String(context), ...ms, ...(i === 0 ? once : [])])
      }
    }
    console.log(
      'ms, median (least) of all rounds; memory: resident MB after load (of it mapped files) / most afterwards',
    )
    const [ours, theirs] = [times.onnx, times['llama.cpp']]
    missed += printBars(barsOf({ ours, theirs, contexts, windows: WINDOWS, fileBytes }))
  }
}
process.exitCode = missed === 0 ? 0 : 1

function mb(bytes: number): string {
  return (bytes / 1e6).toFixed(0)
}
