/** The process of one contender: loads, says so, and times the jobs that it is sent. */
import type { Contender, ContenderRequest, Done, Job, Loaded } from './contender.ts'
import { readResident } from './resident.ts'

const [engine, request] = process.argv.slice(2)
// Only its own engine: the other's library would count as memory of this one.
const start =
  engine === 'onnx'
    ? (await import('./onnx-contender.ts')).onnxContender
    : (await import('./llama-contender.ts')).llamaContender
const options: ContenderRequest = JSON.parse(request ?? '')

const begin = performance.now()
const contender = await start(options)
const loadMs = performance.now() - begin
const loaded: Loaded = { name: contender.name, loadMs, ...readResident() }
process.send?.(loaded)
process.on('message', (job: Job) => void answer(contender, job))
process.on('disconnect', () => process.exit(0))

async function answer(runner: Contender, job: Job): Promise<void> {
  const from = performance.now()
  if (job.kind === 'window') await runner.window(job.start, job.ids)
  else await runner.prefill(job.ids)
  process.send?.({ ms: performance.now() - from, residentBytes: process.memoryUsage.rss() } satisfies Done)
}
