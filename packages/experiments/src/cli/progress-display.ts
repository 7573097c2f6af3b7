import type { ArmProgress, ProgressSnapshot, RunProgress } from '../runner/progress.ts'
import { interval } from './number-text.ts'
import { networkLabel } from './run-labels.ts'

export interface ProgressDisplay {
  /** Something happened; draws when it is time to. */
  update(progress: RunProgress): void
  /** Takes the bars off the screen. */
  end(): void
}

const BAR_CELLS = 24

/** Between two lines where nothing is redrawn, ms. */
export const LINE_EVERY_MS = 15_000

/** Bars that are redrawn on a terminal; elsewhere a line at every stage and every 15 s. */
export function progressDisplay(stream: NodeJS.WriteStream): ProgressDisplay {
  return stream.isTTY ? redrawnBars(stream) : linesNowAndThen(stream)
}

function redrawnBars(stream: NodeJS.WriteStream): ProgressDisplay {
  let drawn = 0
  let lastMs = Number.NEGATIVE_INFINITY
  const clear = (): string => (drawn === 0 ? '' : `\u001b[${drawn}A\u001b[J`)
  return {
    update(progress) {
      if (performance.now() - lastMs < 120) return
      lastMs = performance.now()
      const lines = barLines(progress.snapshot()).map((line) => line.slice(0, Math.max(20, stream.columns - 1)))
      stream.write(`${clear()}${lines.join('\n')}\n`)
      drawn = lines.length
    },
    end() {
      stream.write(clear())
      drawn = 0
    },
  }
}

function linesNowAndThen(stream: NodeJS.WriteStream): ProgressDisplay {
  let lastMs = performance.now()
  let lastStage = ''
  return {
    update(progress) {
      const isNewStage = progress.stageName !== lastStage
      if (!isNewStage && performance.now() - lastMs < LINE_EVERY_MS) return
      lastMs = performance.now()
      lastStage = progress.stageName
      stream.write(`${statusLine(progress.snapshot())}\n`)
    },
    end() {},
  }
}

function barLines(snapshot: ProgressSnapshot): string[] {
  const widest = Math.max(...snapshot.arms.map(({ arm }) => arm.length))
  return [
    ...snapshot.arms.map((arm) => `${arm.arm.padEnd(widest)}  ${bar(arm)}  ${speedText(arm)}`.trimEnd()),
    footer(snapshot),
  ]
}

function bar({ done, total }: ArmProgress): string {
  const filled = total === 0 ? BAR_CELLS : Math.round((BAR_CELLS * done) / total)
  return `${'█'.repeat(filled)}${'░'.repeat(BAR_CELLS - filled)} ${String(done).padStart(String(total).length)}/${total}`
}

function speedText({ speedup }: ArmProgress): string {
  return speedup === null ? '' : `${interval(speedup, { digits: 2 })} x`
}

function footer(snapshot: ProgressSnapshot): string {
  const { network, arms } = snapshot
  const speed =
    network !== undefined && arms.some(({ speedup }) => speedup !== null)
      ? `; speed-up over plain decoding so far, on ${networkLabel(network)}`
      : ''
  return `${statusLine(snapshot)}${speed}`
}

function statusLine({ stage, texts, tokensPerSecond, elapsedMs, remainingMs }: ProgressSnapshot): string {
  const pace = tokensPerSecond === null ? '' : `, ${tokensPerSecond.toFixed(1)} tokens/s`
  const items = stage === 'decoding' ? `, ${texts.done} of ${texts.total} texts${pace}` : ''
  const left = stage === 'decoding' && remainingMs !== null ? `, about ${seconds(remainingMs)} left` : ''
  return `${stage}${items}, ${elapsed(elapsedMs)}${left}`
}

/** To the second below an hour, so that every line says another time: `85 s`, `2 min 5 s`, `1 h 10 min`. */
export function elapsed(ms: number): string {
  const whole = Math.round(ms / 1000)
  if (whole < 90) return `${whole} s`
  const minutes = Math.floor(whole / 60)
  return minutes < 60 ? `${minutes} min ${whole % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** As an estimate is said: in one unit. */
export function seconds(ms: number): string {
  if (ms < 90_000) return `${Math.round(ms / 1000)} s`
  return ms < 5_400_000 ? `${Math.round(ms / 60_000)} min` : `${(ms / 3_600_000).toFixed(1)} h`
}
