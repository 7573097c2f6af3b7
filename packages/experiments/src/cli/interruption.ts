import { DsdError } from '@dsd-lab/core'

/** Turns Ctrl-C and a polite kill into an abort; a second one ends the process at once. */
export function untilInterrupted(): { readonly signal: AbortSignal } & Disposable {
  const controller = new AbortController()
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(130)
    controller.abort(
      new DsdError('interrupted', {
        kind: 'interrupted',
        fix: 'finished work is kept: the same command goes on from here',
      }),
    )
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      process.off('SIGINT', stop)
      process.off('SIGTERM', stop)
    },
  }
}
