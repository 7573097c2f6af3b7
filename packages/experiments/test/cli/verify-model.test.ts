import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { draftGolden, goldenModel } from '../golden/draft-golden.ts'
import { exp, workplace } from './exp-process.ts'

const place = workplace()
const cwd = place.folder
afterAll(() => place[Symbol.dispose]())

let written = 0
function file(content: unknown): string {
  const path = join(cwd, `golden-${written++}.json`)
  writeFileSync(path, JSON.stringify(content))
  return path
}
const verify = (ref: string, content: unknown, ...options: string[]) =>
  exp(['models', 'verify', ref, '--golden', file(content), '--engine', 'tfjs-wasm', ...options], { cwd })

describe('exp models verify', () => {
  it('says how close a model is that is cut over two shards, and fails with code 1 where it is not', async () => {
    const golden = await draftGolden()
    const good = await verify(goldenModel, golden, '--nodes', '2')
    expect(good.out).toMatch(/on tfjs-wasm, 2 shards \(layers 0:1, 1:2\)/)
    expect(good.out).toMatch(/largest logit difference \d\.\de-[5-9] \(case 1, position \d\), tolerance 0\.0002/)
    expect(good.out).toMatch(/greedy ids: all 6 equal\npassed\n$/)
    expect(good.code).toBe(0)

    const [one] = golden.cases
    const off = { ...golden, cases: [{ ...one, greedy: [...(one?.greedy.slice(0, 5) ?? []), 3] }] }
    const bad = await verify(goldenModel, off, '--json', '--tolerance', '1e-3')
    expect(JSON.parse(bad.out)).toMatchObject({ passed: false, tolerance: 1e-3, firstDifferingId: { step: 5 } })
    expect(bad.err).toBe(`${goldenModel}: greedy step 5 of case 1 differs\n`)
    expect(bad.code).toBe(1)
  })

  it('passes a model that must be refused when it is, by name', async () => {
    const bundled = fileURLToPath(new URL('../../../node-runtime/bundled/lab-draft', import.meta.url))
    const yarn = join(cwd, 'yarn')
    cpSync(bundled, yarn, { recursive: true })
    const config = JSON.parse(readFileSync(join(bundled, 'config.json'), 'utf8'))
    writeFileSync(
      join(yarn, 'config.json'),
      JSON.stringify({ ...config, rope_scaling: { rope_type: 'yarn', factor: 4 } }),
    )
    const named = await verify(yarn, { expect: 'error', names: ['YaRN'] })
    expect(named.out).toMatch(/^refused, as it must be, before any weight was read: .*rope type yarn .*\npassed\n$/)
    expect(named.code).toBe(0)
    const otherwise = await verify(yarn, { expect: 'error', names: 'longrope' })
    expect([otherwise.code, otherwise.err]).toEqual([1, expect.stringContaining('does not name longrope: ')])
  })

  it.each<[string, string, string[], 1 | 2, RegExp]>([
    [
      'a model that should be refused and is not',
      goldenModel,
      [],
      1,
      /: the model was loaded, and the golden file says/,
    ],
    ['nothing at the path', './nowhere', [], 2, /^\.\/nowhere: there is no model here; check the path\n$/],
    ['an engine that nobody knows', goldenModel, ['--engine', 'wsm'], 2, /^--engine: no engine is called wsm; /],
  ])('%s is told in one line', async (_, ref, options, code, line) => {
    const outcome = await verify(ref, { expect: 'error' }, ...options)
    expect([outcome.code, outcome.err]).toEqual([code, expect.stringMatching(line)])
  })
})
