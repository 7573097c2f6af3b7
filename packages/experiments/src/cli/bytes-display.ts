import { seconds } from './progress-display.ts'

export interface BytesProgress {
  readonly stage: string
  /** What is being worked on: a file, a wheel, a layer. */
  readonly what: string
  readonly doneBytes: number
  readonly totalBytes: number
}

export interface BytesDisplay extends Disposable {
  update(progress: BytesProgress): void
  /** Prints a line that stays. */
  notice(line: string): void
}

const CLEAR_LINE = '\r\u001b[2K'

/** One line that is redrawn on a terminal; elsewhere a line every few seconds. */
export function bytesDisplay(stream: NodeJS.WriteStream, sizeText: (bytes: number) => string): BytesDisplay {
  const intervalMs = stream.isTTY ? 120 : 5000
  let drawnMs = Number.NEGATIVE_INFINITY
  let stage: string | undefined
  let begin = { ms: 0, bytes: 0 }
  const clear = (): void => {
    if (stream.isTTY) stream.write(CLEAR_LINE)
  }
  return {
    update(progress) {
      const now = performance.now()
      if (progress.stage !== stage) {
        stage = progress.stage
        // What was done before says nothing about the speed of this one.
        begin = { ms: now, bytes: progress.doneBytes }
        drawnMs = stream.isTTY ? Number.NEGATIVE_INFINITY : drawnMs
      } else if (progress.doneBytes < begin.bytes) {
        begin = { ms: now, bytes: progress.doneBytes }
      }
      if (now - drawnMs < intervalMs) return
      drawnMs = now
      const rate = (progress.doneBytes - begin.bytes) / (now - begin.ms)
      const line = progressLine(progress, rate, sizeText)
      stream.write(stream.isTTY ? CLEAR_LINE + line.slice(0, Math.max(20, (stream.columns || 80) - 1)) : `${line}\n`)
    },
    notice(line) {
      clear()
      stream.write(`${line}\n`)
    },
    [Symbol.dispose]: clear,
  }
}

/** @param bytesPerMs how fast it goes; not a positive number while that is not known */
function progressLine(
  { stage, what, doneBytes, totalBytes }: BytesProgress,
  bytesPerMs: number,
  sizeText: (bytes: number) => string,
): string {
  const share = totalBytes === 0 ? 100 : Math.floor((100 * doneBytes) / totalBytes)
  const done = `${stage} ${share}%  ${sizeText(doneBytes)} of ${sizeText(totalBytes)}`
  if (!(bytesPerMs > 0) || !Number.isFinite(bytesPerMs)) return `${done}  ${what}`
  const left = seconds((totalBytes - doneBytes) / bytesPerMs)
  return `${done}, ${sizeText(bytesPerMs * 1000)}/s, about ${left} left  ${what}`
}
