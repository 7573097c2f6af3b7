import type { LinkModel } from '@dsd-lab/core'
import { describe, expect, it } from 'vitest'
import { EmulatedLink } from '../../src/links/emulated-link.ts'
import { ReleaseSchedule } from '../../src/links/release-schedule.ts'

const schedule = new ReleaseSchedule()
const linkOf = (spec: LinkModel) => new EmulatedLink({ spec, seed: 7, place: 1, schedule })
const sendAndWait = (link: EmulatedLink, payloadBytes: number) =>
  new Promise<number>((arrived) => link.send(payloadBytes, () => arrived(performance.now())))

describe('an emulated link', () => {
  it('releases a frame within a quarter of a millisecond of the declared latency, never early', async () => {
    const link = linkOf({ latencyMs: 8 })
    const lateMs = async () => {
      const sentMs = performance.now()
      const late = (await sendAndWait(link, 100)) - sentMs - 8
      // The link counts in whole microseconds.
      expect(late).toBeGreaterThanOrEqual(-0.001)
      return late
    }
    const medianOfFive = async () => {
      const late = [await lateMs(), await lateMs(), await lateMs(), await lateMs(), await lateMs()]
      return late.sort((a, b) => a - b)[2]
    }
    // A loaded machine is late; one quiet moment is enough to see how precise the link is.
    await expect.poll(medianOfFive, { timeout: 40_000 }).toBeLessThan(0.25)
  })

  it('never lets one frame overtake another, whatever the jitter', async () => {
    const link = linkOf({ latencyMs: 12, jitterMs: 12 })
    const order: number[] = []
    const sent: Promise<void>[] = []
    for (let frame = 0; frame < 60; frame++) {
      sent.push(new Promise((arrived) => link.send(10, () => arrived(void order.push(frame)))))
      await new Promise((resume) => setTimeout(resume, 1))
    }
    await Promise.all(sent)
    expect(order).toEqual(Array.from({ length: 60 }, (_, frame) => frame))
  })

  it('serialises frames one after the other at the bandwidth', async () => {
    const link = linkOf({ latencyMs: 2, bandwidthMbps: 10 })
    const startMs = performance.now()
    const arrivals = await Promise.all([1, 2, 3, 4].map(() => sendAndWait(link, 5000)))
    // 5000 bytes at 10 Mbit/s take 4 ms.
    for (const [frame, arrivalMs] of arrivals.entries()) {
      expect(arrivalMs - startMs).toBeGreaterThanOrEqual(2 + 4 * (frame + 1) - 0.1)
      expect(arrivalMs - startMs).toBeLessThan(2 + 4 * (frame + 1) + 200)
    }
  })

  it('keeps the promise of a planned delay', async () => {
    const link = linkOf({ latencyMs: 6, jitterMs: 3, bandwidthMbps: 50 })
    const startMs = performance.now()
    const { delayUs } = link.plan(2000)
    const tookMs = (await sendAndWait(link, 2000)) - startMs
    expect(tookMs).toBeGreaterThanOrEqual(delayUs / 1000 - 0.001)
  })

  it('passes frames on at once when nothing is declared, and drops what is on the way when closed', async () => {
    let passed = 0
    linkOf({ latencyMs: 0 }).send(10, () => passed++)
    expect(passed).toBe(1)
    const link = linkOf({ latencyMs: 5 })
    let dropped = 0
    const drop = () => dropped++
    link.send(10, () => passed++, drop)
    link.close()
    link.send(10, () => passed++, drop)
    await new Promise((resume) => setTimeout(resume, 20))
    expect(passed).toBe(1)
    expect(dropped).toBe(2)
  })
})
