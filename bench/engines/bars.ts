import type { Bar } from '../bars.ts'
import { type EngineTimes, windowKey } from './time-engines.ts'

/** Largest ratio of our time to llama.cpp's, by window. */
const WINDOW_RATIOS: ReadonlyMap<number, number> = new Map([
  [1, 1.1],
  [2, 1.15],
  [5, 1],
  [9, 1],
])
const PREFILL_RATIO = 1.25
/** Resident memory over the size of the file. */
const MEMORY_RATIO = 1.3
const LOAD_SECONDS = 3
const FIVE_OVER_TWO = 1.7

export interface BarRequest {
  readonly ours: EngineTimes
  readonly theirs: EngineTimes
  readonly contexts: readonly number[]
  readonly windows: readonly number[]
  readonly fileBytes: number
}

export function barsOf({ ours, theirs, contexts, windows, fileBytes }: BarRequest): Bar[] {
  const ms = (times: EngineTimes, context: number, window: number): number =>
    times.windows.get(windowKey(context, window))?.median ?? Number.NaN
  const bars: Omit<Bar, 'direction'>[] = [
    ...contexts.flatMap((context) =>
      windows.map((window) => ({
        name: `context ${context}, window ${window} / llama.cpp`,
        measured: ms(ours, context, window) / ms(theirs, context, window),
        bound: WINDOW_RATIOS.get(window) ?? 1,
      })),
    ),
    ...contexts.map((context) => ({
      name: `context ${context}, window 5 / window 2`,
      measured: ms(ours, context, 5) / ms(ours, context, 2),
      bound: FIVE_OVER_TWO,
    })),
    { name: 'prefill / llama.cpp', measured: ours.prefill.median / theirs.prefill.median, bound: PREFILL_RATIO },
    { name: 'resident memory after load / file', measured: ours.loaded.residentBytes / fileBytes, bound: MEMORY_RATIO },
    { name: 'load from cache, seconds', measured: ours.loaded.loadMs / 1000, bound: LOAD_SECONDS },
  ]
  return bars.map((bar) => ({ ...bar, direction: 'at most' }))
}
