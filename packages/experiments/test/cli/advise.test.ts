import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { advise } from '../../src/advice/advise.ts'
import { shippedAgreement } from '../../src/advice/agreement.ts'
import { exp, workplace } from './exp-process.ts'

const place = workplace()
const cwd = place.folder
const server = createServer((socket) => socket.end())
let port = 0
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  port = typeof address === 'object' && address !== null ? address.port : 0
})
afterAll(() => {
  server.close()
  place[Symbol.dispose]()
})

const chain = (latencyMs: number, compute = { baseMs: 10, perRowMs: 0.4 }) => ({
  nodes: 6,
  hiddenSize: 256,
  network: { links: { latencyMs, bandwidthMbps: 100 } },
  compute,
  draftStepMs: 1,
})

describe('advice', () => {
  const agreement = shippedAgreement()

  it('drafts further, and gains more, the slower the links are', () => {
    const [near, far] = [advise(agreement, chain(1)), advise(agreement, chain(100))]
    expect(far.gamma).toBeGreaterThan(near.gamma)
    expect(far.speedup.low).toBeGreaterThan(near.speedup.high)
    expect(far.auto.estimate).toBeGreaterThan(0.95 * far.speedup.estimate)
    expect(far.draftAhead.speedup.estimate).toBeGreaterThan(far.speedup.estimate)
    expect(far.tokensPerSecond / far.plainTokensPerSecond).toBeCloseTo(far.speedup.estimate, 9)
  })

  it('finds the latency from which on drafting pays: not before it, and behind it', () => {
    const costly = { baseMs: 0, perRowMs: 30 }
    const { paysFromMs } = advise(agreement, chain(5, costly))
    if (paysFromMs === null) throw new Error('pays nowhere')
    expect(paysFromMs).toBeGreaterThan(1)
    const surely = (latencyMs: number): boolean =>
      advise(agreement, chain(latencyMs, costly)).byGamma.some(({ gamma, speedup }) => gamma > 0 && speedup.low > 1)
    expect(surely(paysFromMs * 0.95)).toBe(false)
    expect(surely(paysFromMs * 1.05)).toBe(true)
  })

  it('says so where drafting does not pay at all', () => {
    const hopeless = { ...chain(1), compute: { baseMs: 0, perRowMs: 10 }, draftStepMs: 60_000 }
    expect(advise(agreement, hopeless)).toMatchObject({ gamma: 0, paysFromMs: null, speedup: { estimate: 1 } })
  })
})

describe('exp advise', () => {
  it('answers with rule, window, speed-up with its interval, and when it pays', async () => {
    const { code, out, err } = await exp(['advise', '--nodes', '6', '--latency', '40', '--bandwidth', '100'], { cwd })
    expect(err).toBe('')
    expect(code).toBe(0)
    expect(out).toMatch(/^6 nodes, links of 40 ms, 100 Mbit\/s; /)
    expect(out).toMatch(/^drafts as bundled:lab-draft on \d+ texts of bundled:lab-target/m)
    expect(out).toMatch(/^rule: coupled/m)
    expect(out).toMatch(/^window: gamma \d+; .*'auto'/m)
    expect(out).toMatch(/^drafting ahead \(draftAhead: true\): gamma \d+, \d\.\d\d \[\d\.\d\d, \d\.\d\d\] x$/m)
    expect(out).toMatch(/^speed-up over plain decoding: \d\.\d\d \[\d\.\d\d, \d\.\d\d\] x, /m)
    expect(out).toMatch(/^drafting pays (at every latency, from 0|from [\d.]+) ms a link on$/m)
  })

  it('replays the texts of a run in evidence, its measured compute cut over the nodes that are asked for', async () => {
    const asked = ['advise', '--run', 'humaneval-qwen', '--latency', '20', '--json', '--nodes']
    const answers = await Promise.all(['2', '8'].map((nodes) => exp([...asked, nodes], { cwd })))
    const [two, eight] = answers.map(({ out }) => JSON.parse(out))
    expect(two.source).toMatch(/164 texts of qwen2\.5-coder-1\.5b \(humaneval\)/)
    expect(two.chain.compute.baseMs).toBeCloseTo(4 * eight.chain.compute.baseMs, 9)
    expect(eight.speedup.low).toBeGreaterThan(two.speedup.high)
  })

  it('measures the round trips of hosts that are named, a closed port included', async () => {
    const hosts = `127.0.0.1:${port},localhost:${port},127.0.0.1:1`
    const { code, out } = await exp(['advise', '--hosts', hosts, '--json'], { cwd })
    expect(code).toBe(0)
    const answer = JSON.parse(out)
    expect(answer.chain.nodes).toBe(3)
    expect(answer.chain.network.links).toHaveLength(4)
    for (const { roundTripMs } of answer.hosts) {
      expect(roundTripMs).toBeGreaterThan(0)
      expect(roundTripMs).toBeLessThan(1000)
    }
  })

  const asked = ['--nodes', '6', '--latency', '40']
  it.each<[mistake: string, words: readonly string[], line: RegExp]>([
    ['nothing asked', [], /^--nodes: is missing; give --nodes 6 --latency 40, or --hosts a,b,c$/],
    ['no latency', ['--nodes', '6'], /^--latency: is missing; /],
    ['no node', ['--nodes', '0', '--latency', '4'], /^--nodes: "0" is not a number from 1 to 512; /],
    ['half a node', ['--nodes', '2.5', '--latency', '4'], /^--nodes: 2\.5 is not a whole number; /],
    ['a latency below zero', ['--nodes', '6', '--latency=-4'], /^--latency: "-4" is not a number from 0 to 60000; /],
    ['a bandwidth in words', [...asked, '--bandwidth', 'fast'], /^--bandwidth: "fast" is not a number from /],
    ['a jitter above the latency', [...asked, '--jitter', '50'], /^--jitter: 50 is above the latency; give 0 to 40$/],
    ['a loss of all', [...asked, '--loss', '1'], /^--loss: "1" is not a number from 0 to 0\.5; /],
    ['compute of one number', [...asked, '--compute', '10'], /^--compute: 10 is not two numbers; .*10,0\.4$/],
    ['a run that is not there', [...asked, '--run', 'nope'], /no run is called nope/],
    ['a host that is none', ['--hosts', 'a b,c'], /^--hosts: "a b" is not a host; /],
    ['more hosts than nodes', ['--nodes', '3', '--hosts', '127.0.0.1:1'], /^--nodes: 3 nodes, and 1 hosts; /],
    // A contradiction is told before names are looked up.
    ['other nodes than hosts', ['--nodes', '6', '--hosts', 'a.invalid,b.invalid'], /^--nodes: 6 nodes, and 2 hosts; /],
    [
      'a host that nobody knows',
      ['--hosts', 'host.invalid'],
      /^--hosts: host\.invalid does not answer \(E[A-Z_]+\); check its name/,
    ],
  ])('%s: one line, exit code 2', async (_, words, line) => {
    const { code, out, err } = await exp(['advise', ...words], { cwd })
    expect(err.trimEnd()).toMatch(line)
    expect(err.trimEnd().split('\n')).toHaveLength(1)
    expect(out).toBe('')
    expect(code).toBe(2)
  })
})
