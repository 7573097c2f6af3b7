import { median } from '../median.ts'
import type { Loaded } from './contender.ts'
import { type EngineUnderTest, type RunningContender, startContender } from './run-contender.ts'

export const ENGINES = ['onnx', 'llama.cpp'] as const satisfies readonly EngineUnderTest[]

export interface TimingRequest {
  readonly model: string
  readonly threads: number
  readonly contexts: readonly number[]
  readonly windows: readonly number[]
  readonly prefillRows: number
  readonly rounds: number
  readonly vocabulary: number
  onRound?(round: number): void
}

/** Median and least milliseconds. */
export interface Times {
  readonly median: number
  readonly least: number
}

export interface EngineTimes {
  readonly loaded: Loaded
  /** After all work. */
  readonly residentBytes: number
  /** By `context/window`. */
  readonly windows: ReadonlyMap<string, Times>
  readonly prefill: Times
}

export const windowKey = (context: number, window: number): string => `${context}/${window}`

/** Both engines take turns in every round, so that a busy moment of the machine hits both. */
export async function timeEngines(request: TimingRequest): Promise<Readonly<Record<EngineUnderTest, EngineTimes>>> {
  const { model, threads, contexts, windows, prefillRows, rounds, vocabulary } = request
  const positions = Math.max(...contexts, prefillRows) + Math.max(...windows) + 8
  const ids = Array.from({ length: positions }, (_, i) => (i * 7919 + 13) % vocabulary)
  await using onnx = await startContender('onnx', { model, threads, positions })
  await using llama = await startContender('llama.cpp', { model, threads, positions })
  const contenders = { onnx, 'llama.cpp': llama } satisfies Record<EngineUnderTest, RunningContender>
  const times = new Map<string, number[]>()
  const resident = new Map<EngineUnderTest, number>()

  const run = async (engine: EngineUnderTest, key: string, start: number, end: number): Promise<void> => {
    const rows = ids.slice(start, end)
    const job =
      key === 'prefill' ? ({ kind: 'prefill', ids: rows } as const) : ({ kind: 'window', start, ids: rows } as const)
    const { ms, residentBytes } = await contenders[engine].run(job)
    const name = `${engine} ${key}`
    times.set(name, [...(times.get(name) ?? []), ms])
    resident.set(engine, Math.max(resident.get(engine) ?? 0, residentBytes))
  }

  for (let round = 0; round < Math.max(2, Math.ceil(rounds / 5)); round++) {
    for (const engine of ENGINES) await run(engine, 'prefill', 0, prefillRows)
  }
  for (const context of contexts) {
    for (const engine of ENGINES) await fill(contenders[engine], ids, context)
    for (let round = 0; round < rounds; round++) {
      for (const engine of ENGINES) {
        // Untimed: brings back what the other engine drove out of the processor's caches.
        await contenders[engine].run({ kind: 'window', start: context, ids: ids.slice(context, context + 2) })
        for (const window of windows) await run(engine, windowKey(context, window), context, context + window)
      }
      request.onRound?.(round)
    }
  }
  const timesOf = (engine: EngineUnderTest, key: string): Times => {
    const all = times.get(`${engine} ${key}`) ?? []
    return { median: median(all), least: Math.min(...all) }
  }
  const resultOf = (engine: EngineUnderTest): EngineTimes => ({
    loaded: contenders[engine].loaded,
    residentBytes: resident.get(engine) ?? Number.NaN,
    windows: new Map(
      contexts.flatMap((context) =>
        windows.map((window) => {
          const key = windowKey(context, window)
          return [key, timesOf(engine, key)] as const
        }),
      ),
    ),
    prefill: timesOf(engine, 'prefill'),
  })
  return { onnx: resultOf('onnx'), 'llama.cpp': resultOf('llama.cpp') }
}

const FILL_ROWS = 512

async function fill(contender: RunningContender, ids: readonly number[], context: number): Promise<void> {
  await contender.run({ kind: 'prefill', ids: ids.slice(0, Math.min(FILL_ROWS, context)) })
  for (let start = FILL_ROWS; start < context; start += FILL_ROWS) {
    const end = Math.min(start + FILL_ROWS, context)
    await contender.run({ kind: 'window', start, ids: ids.slice(start, end) })
  }
}
