import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CellRound, drawCell, LivePair } from './live-cells.ts'

const CELLS = 48

let pair: LivePair
beforeAll(async () => {
  pair = await LivePair.load()
})
afterAll(() => pair[Symbol.asyncDispose]())

describe('a replay is the decoding', () => {
  it(`${CELLS} random cells: lengths, bytes and virtual times of every round`, async () => {
    const seen = { rounds: 0, partial: 0, controllers: new Set<string>(), nodes: new Set<number>() }
    console.log('cell   N  T    controller            rounds  accepted       bytes   virtual ms   replay: the same')
    for (let number = 0; number < CELLS; number++) {
      const cell = drawCell(number)
      const decoded = await pair.decode(cell)
      const replayed = await pair.replay(cell)
      const { rounds, accepted, bytes, ms } = sums(replayed)
      console.log(
        `${number}`.padStart(4) +
          `${cell.nodes}`.padStart(4) +
          `  ${cell.temperature.toFixed(1)}  ${cell.controller.padEnd(20)}` +
          `${rounds}`.padStart(8) +
          `${accepted}`.padStart(10) +
          `${bytes}`.padStart(12) +
          ms.toFixed(3).padStart(13) +
          `   ${JSON.stringify(sums(decoded)) === JSON.stringify(sums(replayed)) ? 'yes' : 'NO'}`,
      )
      expect(replayed, `cell ${number}, ${cell.controller}`).toEqual(decoded)
      seen.rounds += decoded.length
      seen.partial += decoded.filter((round) => round.accepted > 0 && round.accepted < round.drafted).length
      seen.controllers.add(cell.controller.split(' ')[0] ?? '')
      seen.nodes.add(cell.nodes)
    }
    expect(seen.controllers).toEqual(new Set(['fixed', 'confidence', 'auto', 'ema', 'constant-cost']))
    expect(seen.nodes).toEqual(new Set([1, 2, 3, 4, 8]))
    expect(seen.rounds).toBeGreaterThan(800)
    expect(seen.partial).toBeGreaterThan(200)
  })
})

function sums(rounds: readonly CellRound[]) {
  const total = (of: (round: CellRound) => number): number => rounds.reduce((sum, round) => sum + of(round), 0)
  return {
    rounds: rounds.length,
    accepted: total(({ accepted }) => accepted),
    bytes: total(({ bytes }) => bytes.forward.reduce((sum, one) => sum + one, bytes.verdict)),
    ms: total(({ timing }) => timing.totalMs),
  }
}
