import { describe, expect, it } from 'vitest'
import { RoundDeadline } from '../../src/protocol/round-deadline.ts'

/** Tries that a round of so many ms takes while it is awaited; the deadline is told of it. */
function retriesOf(deadline: RoundDeadline, ms: number): number {
  let missed = 0
  let waitedMs = deadline.forRows(5)
  while (waitedMs < ms) waitedMs += deadline.forRows(5, ++missed)
  deadline.observe({ rows: 5, ms, retries: missed })
  return missed
}

function settled(ms = 80): RoundDeadline {
  const deadline = new RoundDeadline()
  for (let round = 0; round < 40; round++) deadline.observe({ rows: 5, ms, retries: 0 })
  return deadline
}

describe('the deadline of a round', () => {
  it('is three usual rounds, and in proportion more for more rows', () => {
    const deadline = settled(200)
    expect(deadline.forRows(5)).toBe(600)
    expect(deadline.forRows(3)).toBe(600)
    expect(deadline.forRows(50)).toBe(6000)
    expect(settled(10).forRows(5)).toBe(250)
    expect(new RoundDeadline(70).forRows(50, 3)).toBe(70)
  })

  it.each([300, 400, 700, 3000])('follows a network on which rounds now take %d ms', (ms) => {
    const deadline = settled()
    const retries = Array.from({ length: 40 }, () => retriesOf(deadline, ms))
    expect(Math.max(...retries)).toBeLessThanOrEqual(6)
    expect(retries.slice(25)).toEqual(Array.from({ length: 15 }, () => 0))
  })

  it('comes back when the trouble is over, and one lost frame in ten does not carry it away', () => {
    const deadline = settled()
    for (let round = 0; round < 200; round++) {
      deadline.observe({ rows: 5, ms: round % 10 === 0 ? 330 : 80, retries: round % 10 === 0 ? 1 : 0 })
    }
    expect(deadline.forRows(5)).toBe(250)
  })
})
