import type { LinkModel } from '@dsd-lab/core'
import { DsdError } from '@dsd-lab/core'
import { describe, expect, it } from 'vitest'
import { EmulatedLink } from '../../src/links/emulated-link.ts'
import { checkLink, type LinkSample, measureLink, refuseWrongLinks } from '../../src/links/link-check.ts'
import { ReleaseSchedule } from '../../src/links/release-schedule.ts'

const schedule = new ReleaseSchedule()
const key = { seed: 3, place: 2 }
const payloadBytes = 4096

/** What a link that was told `told` does to seven frames. */
async function measure(told: LinkModel): Promise<LinkSample[]> {
  const link = new EmulatedLink({ ...key, spec: told, schedule })
  const samples: LinkSample[] = []
  for (let frame = 0; frame < 7; frame++) {
    const sentMs = performance.now()
    const { sentUs } = link.plan(payloadBytes)
    await new Promise<void>((arrived) => link.send(payloadBytes, arrived))
    samples.push({ sentUs, measuredMs: performance.now() - sentMs })
  }
  return samples
}

describe('the self-check of a link', () => {
  it.each<LinkModel>([
    { latencyMs: 0.2 },
    { latencyMs: 5 },
    { latencyMs: 12, jitterMs: 6 },
    { latencyMs: 3, bandwidthMbps: 10 },
    { latencyMs: 4, jitterMs: 4, loss: 0.1 },
  ])('passes a link that does what was declared: %j', async (spec) => {
    // A loaded machine is late; one quiet moment is enough to see that the link is right.
    const check = () =>
      measureLink({ ...key, name: 'node 1 -> node 2', spec, payloadBytes, measure: () => measure(spec) })
    await expect.poll(async () => (await check()).ok, { timeout: 40_000 }).toBe(true)
  })

  it.each<[LinkModel, LinkModel]>([
    [{ latencyMs: 10 }, { latencyMs: 11 }],
    [{ latencyMs: 10 }, { latencyMs: 0 }],
    [
      { latencyMs: 10, jitterMs: 1 },
      { latencyMs: 10, jitterMs: 6 },
    ],
    [
      { latencyMs: 2, bandwidthMbps: 100 },
      { latencyMs: 2, bandwidthMbps: 10 },
    ],
  ])('refuses a link declared as %j whose emulator was told %j', async (spec, told) => {
    const check = checkLink({ ...key, name: 'node 1 -> node 2', spec, payloadBytes, samples: await measure(told) })
    expect(check.ok).toBe(false)
    expect(() => refuseWrongLinks([check])).toThrow(DsdError)
  })

  it('allows 5 % or half a millisecond, whichever is larger, and names the link that is off', () => {
    const at = (spec: LinkModel, measuredMs: number) =>
      checkLink({ ...key, name: 'node 1 -> node 2', spec, payloadBytes, samples: [{ sentUs: 0, measuredMs }] })
    expect(at({ latencyMs: 2 }, 2.49).ok).toBe(true)
    expect(at({ latencyMs: 2 }, 2.51).ok).toBe(false)
    expect(at({ latencyMs: 100 }, 104.9).ok).toBe(true)
    expect(at({ latencyMs: 100 }, 94.9).ok).toBe(false)
    const off = at({ latencyMs: 20 }, 26)
    expect(() => refuseWrongLinks([at({ latencyMs: 2 }, 2), off])).toThrow(
      expect.objectContaining({
        line: 'link node 1 -> node 2: the emulated link takes 26.00 ms, declared are 20.00 ms (off by 6.00 ms, allowed 1.00 ms); free the machine of other work, or pass selfCheck: false to run without this guard',
      }),
    )
  })
})
