import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { elapsed, progressDisplay } from '../../src/cli/progress-display.ts'
import { RunProgress } from '../../src/runner/progress.ts'
import { plan } from '../plan/planned-ablation.ts'

beforeEach(() => vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

const pass = { id: 'of-no-arm', kind: 'decoded', task: 'programs', seed: 1, gamma: 4 } as const
const entry = {
  promptTokens: 1,
  maxLength: 2,
  events: [],
  drafts: null,
  text: '',
  pieces: [],
  sequence: 0,
  item: 'x',
  correct: null,
  reason: '',
}

/** Lines written where no terminal is, while a text is done every so many seconds; the first after a minute. */
function linesOf(texts: number, everyMs: number): string[] {
  const { stderr } = process
  const written = vi.spyOn(stderr, 'write').mockReturnValue(true)
  const display = progressDisplay(Object.assign(Object.create(stderr), { isTTY: false }))
  const items = new Map(['word-problems', 'programs'].map((task) => [task, 10]))
  const progress = new RunProgress({ plan, hiddenSize: 1, items, changed: display.update })
  progress.stage('decoding')
  for (let text = 0; text < texts; text++) {
    vi.advanceTimersByTime(text === 0 ? 60_000 : everyMs)
    progress.textDone(pass, entry)
  }
  return written.mock.calls.map(([line]) => String(line))
}

it('lines are short, and at most one in fifteen seconds', () => {
  const lines = linesOf(30, 1000)
  expect(lines.length).toBeLessThanOrEqual(2 + Math.ceil(30 / 15))
  for (const line of lines) expect(line.length).toBeLessThan(80)
})

it('the time left is told once there is a pace, and by that pace alone: not by the minute before the first text', () => {
  const lines = linesOf(12, 20_000)
  const left = lines.map((line) => /about .* left/.exec(line)?.[0])
  expect(left.slice(0, 6)).toEqual(Array(6).fill(undefined))
  const total = 10 * plan.passes.length
  const minutes = Math.round(((total - 12) * 20) / 60)
  expect(lines.at(-1)).toContain(
    minutes < 90 ? `about ${minutes} min left` : `about ${(minutes / 60).toFixed(1)} h left`,
  )
})

it('no two seconds of the first hour read the same', () => {
  expect([85_000, 90_000, 91_000, 149_000, 3_599_000, 4_200_000].map(elapsed)).toEqual([
    '85 s',
    '1 min 30 s',
    '1 min 31 s',
    '2 min 29 s',
    '59 min 59 s',
    '1 h 10 min',
  ])
})
