import { describe, expect, it } from 'vitest'
import { EmulatedLink } from '../../src/links/emulated-link.ts'
import { frameDelay } from '../../src/links/frame-delay.ts'
import type { LinkSpec } from '../../src/links/profiles.ts'
import { ReleaseSchedule } from '../../src/links/release-schedule.ts'

const schedule = new ReleaseSchedule()
const linkOf = (spec: LinkSpec) => new EmulatedLink({ spec, seed: 7, linkId: 1, schedule })
const sendAndWait = (link: EmulatedLink, payloadBytes: number) =>
  new Promise<number>((arrived) => link.send(payloadBytes, () => arrived(performance.now())))

describe('the delay of a frame', () => {
  const request = { seed: 1, linkId: 0, atMs: 1234, payloadBytes: 25_000 }

  it('is the latency, and the time on the wire at the bandwidth', () => {
    expect(frameDelay({ ...request, spec: { latencyMs: 20, bandwidthMbps: 100 } })).toEqual({
      serialisationMs: 2,
      propagationMs: 20,
    })
  })

  it('is repeatable: a function of the seed, the link and the time bucket', () => {
    const spec = { latencyMs: 20, jitterMs: 5 }
    const first = frameDelay({ ...request, spec })
    expect(frameDelay({ ...request, atMs: 1239, spec })).toEqual(first)
    expect(frameDelay({ ...request, atMs: 1241, spec })).not.toEqual(first)
    expect(frameDelay({ ...request, linkId: 1, spec })).not.toEqual(first)
    expect(frameDelay({ ...request, seed: 2, spec })).not.toEqual(first)
  })

  it('spreads by the jitter to both sides, evenly', () => {
    const delays = Array.from(
      { length: 4000 },
      (_, bucket) => frameDelay({ ...request, atMs: bucket * 10, spec: { latencyMs: 20, jitterMs: 5 } }).propagationMs,
    )
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(15)
    expect(Math.min(...delays)).toBeLessThan(15.1)
    expect(Math.max(...delays)).toBeLessThanOrEqual(25)
    expect(Math.max(...delays)).toBeGreaterThan(24.9)
    // Standard error of the mean of a uniform law of half width 5: 5 / sqrt(3 * 4000); five of them.
    const mean = delays.reduce((sum, delay) => sum + delay, 0) / delays.length
    expect(Math.abs(mean - 20)).toBeLessThan((5 * 5) / Math.sqrt(3 * 4000))
  })

  it('pays a retransmission timeout as often as the loss says, doubled on the second', () => {
    const spec = { latencyMs: 20, loss: 0.1 }
    const delays = Array.from(
      { length: 10_000 },
      (_, bucket) => frameDelay({ ...request, atMs: bucket * 10, spec }).propagationMs,
    )
    const once = delays.filter((delay) => delay === 260).length
    const twice = delays.filter((delay) => delay === 740).length
    // Five standard deviations of the binomial counts with p = 0.09 and p = 0.009.
    expect(Math.abs(once - 900)).toBeLessThan(5 * Math.sqrt(900 * 0.91))
    expect(Math.abs(twice - 90)).toBeLessThan(5 * Math.sqrt(90 * 0.991))
  })
})

describe('an emulated link', () => {
  it('releases a frame within half a millisecond of the declared latency, never early', async () => {
    const link = linkOf({ latencyMs: 8 })
    const late: number[] = []
    for (let frame = 0; frame < 40; frame++) {
      const sentMs = performance.now()
      late.push((await sendAndWait(link, 100)) - sentMs - 8)
    }
    late.sort((a, b) => a - b)
    expect(late[0]).toBeGreaterThanOrEqual(0)
    expect(late[20]).toBeLessThan(0.5)
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
      expect(arrivalMs - startMs).toBeLessThan(2 + 4 * (frame + 1) + 20)
    }
  })

  it('keeps the promise of a planned delay', async () => {
    const link = linkOf({ latencyMs: 6, jitterMs: 3, bandwidthMbps: 50 })
    const startMs = performance.now()
    const { delayMs } = link.plan(2000)
    const tookMs = (await sendAndWait(link, 2000)) - startMs
    expect(tookMs).toBeGreaterThanOrEqual(delayMs)
    expect(tookMs - delayMs).toBeLessThan(15)
  })

  it('passes frames on at once when nothing is declared, and drops what is on the way when closed', async () => {
    let passed = 0
    linkOf({ latencyMs: 0 }).send(10, () => passed++)
    expect(passed).toBe(1)
    const link = linkOf({ latencyMs: 5 })
    link.send(10, () => passed++)
    link.close()
    await new Promise((resume) => setTimeout(resume, 20))
    expect(passed).toBe(1)
  })
})
