export type GroupTask<T> = (signal: AbortSignal) => Promise<T>

/**
 * Runs the tasks of a group at once. When one fails or the signal aborts, the others are aborted; settles when all have ended,
 * so that nothing of them goes on behind a failure.
 *
 * @throws what failed first, or the signal's reason.
 */
export async function allOrNone<T>(tasks: readonly GroupTask<T>[], signal?: AbortSignal): Promise<T[]> {
  const failure = new AbortController()
  const group = AbortSignal.any([failure.signal, ...(signal === undefined ? [] : [signal])])
  const running = tasks.map((task) =>
    task(group).catch((error: unknown) => {
      failure.abort(error)
      throw error
    }),
  )
  const results: T[] = []
  for (const result of await Promise.allSettled(running)) {
    if (result.status === 'rejected') throw failure.signal.reason
    results.push(result.value)
  }
  return results
}
