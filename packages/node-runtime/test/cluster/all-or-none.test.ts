import { describe, expect, it } from 'vitest'
import { allOrNone, type GroupTask } from '../../src/cluster/all-or-none.ts'

/** Runs until its signal aborts, and needs a moment to end then. */
const endless =
  (ended: () => void): GroupTask<number> =>
  (signal) =>
    new Promise((_, failed) => {
      const end = () =>
        setImmediate(() => {
          ended()
          failed(signal.reason)
        })
      if (signal.aborted) end()
      else signal.addEventListener('abort', end)
    })

describe('a group of tasks', () => {
  it('gives the results in the order of the tasks', async () => {
    expect(await allOrNone([async () => 1, async () => 2])).toEqual([1, 2])
  })

  it('ends the others when one fails, waits for them, and says what failed first', async () => {
    let ended = 0
    const failing = async () => Promise.reject(new Error('node 1 has no memory'))
    const group = allOrNone([endless(() => ended++), failing, endless(() => ended++)])
    await expect(group).rejects.toThrow('node 1 has no memory')
    expect(ended).toBe(2)
  })

  it('ends all with the signal', async () => {
    let ended = 0
    const control = new AbortController()
    const group = allOrNone([endless(() => ended++)], control.signal)
    control.abort(new Error('enough'))
    await expect(group).rejects.toThrow('enough')
    expect(ended).toBe(1)
  })
})
