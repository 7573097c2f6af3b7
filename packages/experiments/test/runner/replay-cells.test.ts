import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { drawCell, LivePair } from './live-cells.ts'

let pair: LivePair
beforeAll(async () => {
  pair = await LivePair.load()
})
afterAll(() => pair[Symbol.asyncDispose]())

// One of each controller; replay-cells.slow.test.ts runs many.
const oneOfEach = [
  ...new Map(numbers(40).map((number) => [drawCell(number).controller.split(' ')[0], number])).values(),
]

describe('a replay is the decoding, round by round', () => {
  it.each(oneOfEach)('cell %d', async (number) => {
    const cell = { ...drawCell(number), maxTokens: 24 }
    const decoded = await pair.decode(cell)
    expect(await pair.replay(cell)).toEqual(decoded)
    expect(decoded.length).toBeGreaterThan(4)
  })
})

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, number) => number)
}
