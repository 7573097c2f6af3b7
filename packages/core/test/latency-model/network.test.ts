import { describe, expect, it } from 'vitest'
import { idleLink, passLink } from '../../src/index.ts'

/** Latency that a frame meets, us. */
const delayUs = (place: number, sequence: number, sentUs = 0) =>
  passLink({
    network: { links: { latencyMs: 1e6, jitterMs: 1e6 }, seed: 3 },
    place,
    sequence,
    payloadBytes: 0,
    sentUs,
    state: idleLink,
  }).arrivedUs - sentUs

describe('the noise of links', () => {
  it('is of its own for every link of 512 nodes and every text', () => {
    const places = Array.from({ length: 513 }, (_, place) => place)
    const met = [0, 1, 2, 3].flatMap((sequence) => places.map((place) => delayUs(place, sequence)))
    expect(new Set(met).size).toBe(4 * 513)
  })

  it('stays what recorded runs have met', () => {
    expect([delayUs(0, 0), delayUs(255, 0), delayUs(7, 12, 1_234_567)]).toEqual([
      1_809_148_309, 1_156_403_471, 620_467_682,
    ])
  })
})
