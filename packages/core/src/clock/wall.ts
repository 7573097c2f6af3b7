import type { Clock } from './clock.ts'

/** Real time, milliseconds since the clock was made. */
export function wallClock(): Clock {
  const zero = performance.now()
  return { kind: 'wall', now: () => performance.now() - zero, sleep: sleepForReal }
}

function sleepForReal(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const wake = () => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }
    const timer = setTimeout(wake, ms)
    const stop = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    signal?.addEventListener('abort', stop, { once: true })
  })
}
