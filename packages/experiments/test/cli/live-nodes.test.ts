import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { autoWindow, readTrace } from '@dsd-lab/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RunFolder } from '../../src/store/run-folder.ts'
import type { LiveResult } from '../../src/store/schema.ts'
import { exp, onlyRun, studySource, workplace, writeStudy } from './exp-process.ts'
import { SlowRoad } from './slow-road.ts'

const place = workplace()
const patience = 300_000
const key = 'a secret that both nodes know'
const program = fileURLToPath(new URL('../../../node-runtime/src/cli/dsd-node.ts', import.meta.url))

let children: ChildProcess[]
let addresses: string[]

beforeAll(async () => {
  const started = await Promise.all([startNode(0, '0:3'), startNode(1, '3:8')])
  children = started.map(({ child }) => child)
  addresses = started.map(({ address }) => address)
}, patience)
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  place[Symbol.dispose]()
})

/** As the README has it; nothing ties it to this process. */
async function startNode(
  node: number,
  layers: string,
): Promise<{ readonly child: ChildProcess; readonly address: string }> {
  const words = ['--model', 'bundled:lab-target', '--layers', layers, '--node', `${node}`, '--nodes', '2']
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), program, ...words], {
    env: { ...process.env, DSD_KEY: key },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(createInterface({ input: child.stdout }), 'line')
  const { port } = JSON.parse(String(line))
  return { child, address: `127.0.0.1:${port}` }
}

async function run({
  name,
  runs,
  secret = key,
  changes = {},
  head,
}: {
  readonly name: string
  readonly runs: string
  readonly secret?: string
  readonly changes?: Readonly<Record<string, string>>
  readonly head?: string
}) {
  const arms = `{ strict: { decode: 'speculative', gamma: 4, accept: strict() } }`
  const source = studySource({ arms, seeds: '[1]', live: live({}), ...changes }, head)
  const file = await writeStudy(place.folder, name, source)
  return await exp(['run', file, '--no-report', '--jobs', '1'], {
    cwd: place.folder,
    env: { DSD_RUNS: runs, DSD_KEY: secret },
  })
}

/** The result of the one live cell of the one run. */
async function liveIn(runs: string): Promise<LiveResult | undefined> {
  const folder = new RunFolder(await onlyRun(runs))
  const [result, ...others] = await folder.readLives(await folder.manifest())
  expect(others).toEqual([])
  return result
}

const live = (more: object): string => JSON.stringify({ cells: 1, prompts: 2, nodes: addresses, ...more })

describe('live cells over nodes that are running already', () => {
  it(
    'decode the same ids on emulated links, and say where they ran',
    async () => {
      const runs = place.newRuns()
      const { out, err, code } = await run({ name: 'emulated.ts', runs })
      expect(err).not.toContain('live:')
      expect(code).toBe(0)
      expect(out).toContain(`live, over nodes at ${addresses.join(', ')} with emulated links between them`)
      const result = await liveIn(runs)
      expect(result?.identical).toBe(true)
      expect(result?.over).toEqual({
        links: 'emulated',
        nodes: [
          { address: addresses[0], layers: { from: 0, to: 3 }, engine: 'tfjs-wasm', precision: 'f32' },
          { address: addresses[1], layers: { from: 3, to: 8 }, engine: 'tfjs-wasm', precision: 'f32' },
        ],
      })
      expect(result?.links).toHaveLength(3)
      for (const { measuredMs } of result?.links ?? []) expect(measuredMs).toBeGreaterThan(4)
      const again = await run({ name: 'emulated.ts', runs, secret: '' })
      expect({ ...again, err: '' }).toEqual({ code: 0, signal: null, out, err: '' })
    },
    patience,
  )

  it(
    'measure a real link that is longer than the others; emulate a longer one on it, and refuse a shorter one alone',
    async () => {
      const [head = '', tail = ''] = addresses
      await using road = await SlowRoad.to(Number(tail.split(':')[1]), 12)
      const nodes = [head, road.address]
      const runs = place.newRuns()
      const real = await run({ name: 'far.ts', runs, changes: { live: live({ nodes, links: 'real' }) } })
      expect(real.code).toBe(0)
      expect(real.out).toContain(`live, over nodes at ${nodes.join(', ')} with the real network between them`)
      expect(real.out).toMatch(/ identical .* \d\d\.\d\d ms, declared 5\.00/)
      const [toHead = 99, toTail = 0, back = 99] = (await liveIn(runs))?.links.map(({ measuredMs }) => measuredMs) ?? []
      expect(toTail).toBeGreaterThan(11)
      expect(Math.max(toHead, back)).toBeLessThan(toTail)
      const both = place.newRuns()
      const cluster = '{ nodes: 2, compute: { baseMs: 10, perRowMs: 0.4 }, link: { latencyMs: sweep([5, 40]) } }'
      const arms = `{ strict: { decode: 'speculative', gamma: sweep([2, 4]), accept: strict() } }`
      const changes = { cluster, arms, live: live({ nodes, cells: 2 }) }
      const emulated = await run({ name: 'near.ts', runs: both, changes })
      expect(emulated.code).toBe(1)
      expect(emulated.err).toMatch(
        /\nlive: link node 0 -> node 1: the emulated link takes \d\d\.\d\d ms, declared are 5\.\d\d ms .*; free the machines .* or give live\.links: 'real'\n$/,
      )
      const far = await liveIn(both)
      expect(far?.identical).toBe(true)
      expect(far?.links.map(({ declaredMs, offMs = 99 }) => ({ declaredMs, isOff: offMs > 2 }))).toEqual(
        Array.from({ length: 3 }, () => ({ declaredMs: 40, isOff: false })),
      )
    },
    patience,
  )

  it(
    'are asked for before anything is decoded',
    async () => {
      const runs = place.newRuns()
      const [head = ''] = addresses
      const road = await SlowRoad.to(Number(addresses[1]?.split(':')[1]), 0)
      const changes = { live: live({ nodes: [head, road.address] }) }
      await road[Symbol.asyncDispose]()
      const early = await run({ name: 'gone.ts', runs, changes })
      expect(early.code).toBe(1)
      expect(early.err.trim()).toMatch(/^ws:\/\/127\.0\.0\.1:\d+: no control connection \(.*\); .*$/)
      expect(await readdir(await onlyRun(runs))).toEqual(['manifest.json'])
    },
    patience,
  )

  it(
    'choose the first window that a controller without a past chooses: what warms the nodes up taught it nothing',
    async () => {
      const runs = place.newRuns()
      const arms = `{ strict: { decode: 'speculative', gamma: 'auto', accept: strict() } }`
      const cluster = '{ nodes: 2, compute: { baseMs: 10, perRowMs: 0.4 }, link: { latencyMs: 40 } }'
      const { code } = await run({ name: 'auto.ts', runs, changes: { arms, cluster } })
      expect(code).toBe(0)
      const folder = new RunFolder(await onlyRun(runs))
      const { live: cells } = await folder.manifest()
      const traceFile = folder.traceFile('live', cells[0] ?? '')
      const windows = readTrace(await readFile(traceFile, 'utf8'), traceFile).events.flatMap((event) =>
        event.type === 'round' ? [event.drafted.length] : [],
      )
      expect(windows[0]).toBe(autoWindow()().plan().gamma)
      expect(Math.max(...windows)).toBeGreaterThan(6)
    },
    patience,
  )

  it(
    'say in one line what does not fit: no secret, another secret, other layers, a rule that the nodes do not have',
    async () => {
      const runs = place.newRuns()
      for (const [secret, what] of [
        ['', 'is empty'],
        ['short', 'has only 5 characters'],
      ] as const) {
        const refused = await run({ name: 'no-secret.ts', runs, secret })
        expect(refused.code).toBe(2)
        expect(refused.err.trim()).toBe(
          `DSD_KEY: ${what}; give the secret that the nodes were started with, at least 16 characters`,
        )
      }
      const other = await run({ name: 'other.ts', runs, secret: 'a secret that they do not know' })
      expect(other.code).toBe(1)
      expect(other.err.trim()).toMatch(
        /^ws:\/\/127\.0\.0\.1:\d+: no control connection \(refused: wrong key\); check .*$/,
      )
      const uneven = await run({
        name: 'uneven.ts',
        runs,
        changes: {
          cluster:
            '{ nodes: [{ speed: 1 }, { speed: 1 }], compute: { baseMs: 1, perRowMs: 0 }, link: { latencyMs: 5 } }',
        },
      })
      expect(uneven.code).toBe(2)
      expect(uneven.err.trim()).toBe(
        'node 0: holds layers 0:3, and cluster.nodes gives it 0:4; start it with --layers 0:4',
      )
      const own = await run({
        name: 'own.ts',
        runs,
        head: `import { correct, defineRule, keep, registerRule, targetToken } from '@dsd-lab/experiments'
const own = defineRule({
  name: 'only-here',
  parameters: {},
  create: () => ({
    lossless: true,
    drawsWhenGreedy: false,
    decide: (row) => (row.drafted === targetToken(row) ? keep() : correct(targetToken(row))),
  }),
})
registerRule(own)`,
        changes: {
          arms: `{ strict: { decode: 'speculative', gamma: 4, accept: sweepableRule(own)({}) } }`,
        },
      })
      expect(own.code).toBe(2)
      expect(own.err).toMatch(
        /\nlive: node 1: has no rule named "only-here", and takes no code from the network; .*\n$/,
      )
    },
    patience,
  )
})
