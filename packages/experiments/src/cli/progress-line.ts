import { LINE_EVERY_MS, seconds } from './progress-display.ts'

export interface ProgressLine extends Disposable {
  /** Some of equal steps are done; draws when it is time to. */
  update(done: number, total: number): void
}

/** Steps before the time left is worth showing. */
const FEWEST_STEPS = 3
const CLEAR_LINE = '\r\u001b[2K'

/** One line that is redrawn on a terminal; elsewhere a line every 15 s. Shows how long it will take. */
export function progressLine(stream: NodeJS.WriteStream, what: string): ProgressLine {
  const intervalMs = stream.isTTY ? 120 : LINE_EVERY_MS
  let drawnMs = performance.now()
  let begin: { readonly ms: number; readonly done: number } | undefined
  return {
    update(done, total) {
      const now = performance.now()
      begin ??= { ms: now, done }
      if (now - drawnMs < intervalMs) return
      drawnMs = now
      const left = ((total - done) * (now - begin.ms)) / Math.max(1, done - begin.done)
      const line = `${what} ${done}/${total}${done - begin.done >= FEWEST_STEPS ? `, about ${seconds(left)} left` : ''}`
      stream.write(stream.isTTY ? CLEAR_LINE + line.slice(0, Math.max(20, stream.columns - 1)) : `${line}\n`)
    },
    [Symbol.dispose]() {
      if (stream.isTTY) stream.write(CLEAR_LINE)
    },
  }
}
