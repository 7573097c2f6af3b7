import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { RunFolder } from '../../src/store/run-folder.ts'
import type { Cell, TimedCells } from '../../src/store/schema.ts'

let path = ''
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'dsd-cells-'))
})
afterEach(() => rmSync(path, { recursive: true, force: true }))

const cell = (id: string, decoding: string): Cell => ({
  id,
  decoding,
  variant: 'strict',
  task: 'programs',
  seed: 1,
  condition: `n-${id}`,
})
const times = (id: string, ms: number): TimedCells['cells'][number] => ({
  id,
  totalMs: [ms, 2 * ms],
  firstTokenMs: [1, 2],
  forwardBytes: [10, 20],
  verdictBytes: [3, 4],
})
const timed: TimedCells = {
  schema: 1,
  decoding: 'd1',
  items: ['a', 'b'],
  tokens: [5, 6],
  rounds: [2, 3],
  cells: [times('c1', 100), times('c2', 200)],
}

describe('cells of a run', () => {
  it('are kept together by decoding, and read one by one in the order asked for', async () => {
    const folder = new RunFolder(path)
    await folder.writeTimedCells(timed)
    const asked = [cell('c2', 'd1'), cell('missing', 'd1'), cell('c1', 'd1'), cell('c9', 'd9')]
    const results = await folder.readCells(asked)
    expect(results.map((result) => [result.cell.id, result.items.map(({ totalMs }) => totalMs)])).toEqual([
      ['c2', [200, 400]],
      ['c1', [100, 200]],
    ])
    expect(results[0]?.items[1]).toEqual({
      item: 'b',
      tokens: 6,
      rounds: 3,
      totalMs: 400,
      firstTokenMs: 2,
      forwardBytes: 20,
      verdictBytes: 4,
    })
  })

  it('are made again when their file is torn', async () => {
    const folder = new RunFolder(path)
    await folder.writeTimedCells(timed)
    writeFileSync(join(path, 'cells', 'd1.json'), JSON.stringify(timed).slice(0, -20))
    expect(await folder.readCells([cell('c1', 'd1')])).toEqual([])
  })

  it('of older runs, a file each, are read as well', async () => {
    const single = {
      schema: 1,
      cell: cell('c1', 'd1'),
      clock: 'virtual',
      items: [{ item: 'a', tokens: 5, rounds: 2, totalMs: 7, firstTokenMs: 1, forwardBytes: 10, verdictBytes: 3 }],
    }
    mkdirSync(join(path, 'cells', 'c1'), { recursive: true })
    writeFileSync(join(path, 'cells', 'c1', 'result.json'), JSON.stringify(single))
    expect(await new RunFolder(path).readCells([cell('c1', 'd1')])).toEqual([single])
  })
})
