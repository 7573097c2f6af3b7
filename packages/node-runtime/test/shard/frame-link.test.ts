import { describe, expect, it } from 'vitest'
import { ReleaseSchedule } from '../../src/links/release-schedule.ts'
import { FrameLink } from '../../src/shard/frame-link.ts'

const linkOf = (latencyMs: number) =>
  new FrameLink({
    name: 'node 1',
    spec: { latencyMs },
    seed: 0,
    place: 1,
    schedule: new ReleaseSchedule(),
    socket: () => undefined,
  })

describe('measuring a link', () => {
  it('ends when the link is closed while a ping is held back', async () => {
    const link = linkOf(60_000)
    const measuring = link.measure(1, 100)
    link.close()
    await expect(measuring).rejects.toMatchObject({ kind: 'protocol', line: 'node 1: the link was closed' })
  })

  it('ends when there is no connection', async () => {
    await expect(linkOf(0).measure(1, 100)).rejects.toMatchObject({ where: 'node 1', message: 'does not answer pings' })
  })
})
