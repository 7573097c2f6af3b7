import { describe, expect, it } from 'vitest'
import { VirtualClock, wallClock } from '../../src/index.ts'

describe('a virtual clock', () => {
  it('jumps from event to event in order of time, and of the calls where times are equal', async () => {
    const clock = new VirtualClock()
    const seen: [string, number][] = []
    const note = (name: string) => () => {
      seen.push([name, clock.now()])
    }
    clock.at(2000, note('b'))
    clock.at(500, note('a'))
    clock.at(2000, note('c'))
    clock.at(2000, () => clock.at(100, note('late')))
    while (await clock.advance());
    expect(seen).toEqual([
      ['a', 0.5],
      ['b', 2],
      ['c', 2],
      ['late', 2],
    ])
    expect(await clock.advance()).toBe(false)
  })

  it('sleeps without waiting, and lets what is due happen meanwhile', async () => {
    const clock = new VirtualClock()
    let due = -1
    clock.at(1_000_000, () => {
      due = clock.now()
    })
    await clock.sleep(3_600_000)
    expect([due, clock.now()]).toEqual([1000, 3_600_000])
  })

  it('stops sleeping when told to', async () => {
    const stop = AbortSignal.abort(new Error('enough'))
    await expect(new VirtualClock().sleep(5, stop)).rejects.toThrow('enough')
  })
})

describe('a wall clock', () => {
  it('sleeps for real', async () => {
    const clock = wallClock()
    const before = clock.now()
    await clock.sleep(20)
    expect(clock.now() - before).toBeGreaterThan(18)
  })

  it('stops sleeping when told to', async () => {
    const controller = new AbortController()
    const sleep = wallClock().sleep(60_000, controller.signal)
    controller.abort(new Error('enough'))
    await expect(sleep).rejects.toThrow('enough')
    await expect(wallClock().sleep(1, controller.signal)).rejects.toThrow('enough')
  })
})
