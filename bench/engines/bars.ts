import { type EngineTimes, windowKey } from './time-engines.ts'

/** A claim, what was measured, and what it may be at most. */
export interface Bar {
  readonly claim: string
  readonly measured: number
  readonly most: number
}

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
  return [
    ...contexts.flatMap((context) =>
      windows.map((window) => ({
        claim: `context ${context}, window ${window} / llama.cpp`,
        measured: ms(ours, context, window) / ms(theirs, context, window),
        most: WINDOW_RATIOS.get(window) ?? 1,
      })),
    ),
    ...contexts.map((context) => ({
      claim: `context ${context}, window 5 / window 2`,
      measured: ms(ours, context, 5) / ms(ours, context, 2),
      most: FIVE_OVER_TWO,
    })),
    { claim: 'prefill / llama.cpp', measured: ours.prefill.median / theirs.prefill.median, most: PREFILL_RATIO },
    { claim: 'resident memory after load / file', measured: ours.loaded.residentBytes / fileBytes, most: MEMORY_RATIO },
    { claim: 'load from cache, seconds', measured: ours.loaded.loadMs / 1000, most: LOAD_SECONDS },
  ]
}
