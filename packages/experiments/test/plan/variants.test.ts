import { describe, expect, it } from 'vitest'
import { makePlan } from '../../src/plan/plan.ts'
import { ablation, facts, plan } from './planned-ablation.ts'

describe('the default ablation', () => {
  it('expands every sweep, and a control into one variant per variant that it copies', () => {
    expect(plan.variants.map(({ record }) => record.label)).toEqual([
      'autoregressive',
      'strict, gamma 2',
      'strict, gamma 4',
      'strict, gamma 8',
      'adaptive, tau 0.1',
      'adaptive, tau 0.2',
      'adaptive, tau 0.4',
      'random, tau 0.1',
      'random, tau 0.2',
      'random, tau 0.4',
    ])
    const control = plan.variants.at(-1)?.record
    expect(control?.controls).toBe('adaptive-tau0.4')
    expect(control?.accept).toEqual({ name: 'random-relaxation', matchRateOf: 'adaptive' })
  })

  it('has a condition per node count and latency', () => {
    expect(plan.conditions.map(({ id }) => id)).toEqual([
      'n2-latencyms5',
      'n2-latencyms20',
      'n2-latencyms50',
      'n4-latencyms5',
      'n4-latencyms20',
      'n4-latencyms50',
      'n8-latencyms5',
      'n8-latencyms20',
      'n8-latencyms50',
    ])
    expect(plan.conditions[0]?.compute).toEqual({ kind: 'declared', baseMs: 10, perRowMs: 0.4, draftStepMs: 1 })
  })

  it('decodes each task once for all lossless arms, once per tau, and once per seed only where chance decides', () => {
    const kinds = plan.passes
      .filter(({ task }) => task === 'programs')
      .map(({ kind, gamma, seed }) => ({ kind, gamma, seed }))
    expect(kinds).toEqual([
      { kind: 'recorded', gamma: 0, seed: 1 },
      ...[0.1, 0.2, 0.4].map(() => ({ kind: 'decoded', gamma: 4, seed: 1 })),
      ...[0.1, 0.2, 0.4].flatMap(() => [1, 2, 3].map((seed) => ({ kind: 'decoded', gamma: 4, seed }))),
    ])
    const lossless = plan.decodings.filter(({ task, variant }) => task === 'programs' && /^(auto|strict)/.test(variant))
    expect(new Set(lossless.map(({ pass }) => pass)).size).toBe(1)
    expect(new Set(lossless.map(({ id }) => id)).size).toBe(4)
  })

  it('times every decoding on every network, under every seed that moves the jitter', () => {
    expect(plan.cells).toHaveLength(10 * 9 * 2 * 3)
    expect(new Set(plan.cells.map(({ id }) => id)).size).toBe(plan.cells.length)
  })

  it('compares each variant with the baseline variant of its window', () => {
    const against = Object.fromEntries(plan.variants.map(({ record }) => [record.id, record.against]))
    expect(against).toMatchObject({
      'adaptive-tau0.1': 'strict-gamma4',
      'random-tau0.4': 'strict-gamma4',
      autoregressive: 'strict-gamma2',
    })
    expect(against['strict-gamma8']).toBeUndefined()
  })

  it('takes two arms on two networks to real shard processes, quickest first', () => {
    const live = plan.live.map((id) => plan.cells.find((cell) => cell.id === id))
    expect(live.map((cell) => [cell?.variant, cell?.condition])).toEqual([
      ['strict-gamma4', 'n2-latencyms5'],
      ['adaptive-tau0.2', 'n4-latencyms5'],
    ])
  })

  it('takes networks of just as many nodes where running ones are named', () => {
    const named = (...nodes: readonly [string, ...string[]]) =>
      makePlan({ ...ablation, live: { cells: 2, prompts: 1, nodes } }, facts)
    const { cells, live } = named('127.0.0.1:1', '127.0.0.1:2', '127.0.0.1:3', '127.0.0.1:4')
    const chosen = live.map((id) => cells.find((cell) => cell.id === id)?.condition)
    expect(chosen).toEqual(['n4-latencyms5', 'n4-latencyms20'])
    expect(() => named('127.0.0.1:1', '127.0.0.1:2', '127.0.0.1:3')).toThrow(
      'names 3 nodes, and no network of this experiment has so many (2, 4, 8)',
    )
  })
})
