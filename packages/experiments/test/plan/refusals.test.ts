import { DsdError } from '@dsd-lab/core'
import { describe, expect, it } from 'vitest'
import type { Experiment } from '../../src/dsl/check.ts'
import { dsdAdaptive, experiment, randomRelaxation, strict, sweep, task } from '../../src/index.ts'
import { makePlan } from '../../src/plan/plan.ts'
import { facts } from './planned-ablation.ts'

describe('what does not fit is named', () => {
  const arms = { strict: { decode: 'speculative', gamma: 4, accept: strict() } } as const
  const declared = (more: object): Experiment =>
    experiment({
      title: 'A question',
      models: { target: 'bundled:lab-target', draft: 'bundled:lab-draft' },
      tasks: [task('programs')],
      cluster: { nodes: 2, compute: { baseMs: 1, perRowMs: 1 }, link: { latencyMs: 5 } },
      arms: { ...arms, ...more },
      baseline: 'strict',
    })
  const lineOf = (made: Experiment): string => {
    try {
      makePlan(made, facts)
    } catch (error) {
      if (error instanceof DsdError) return error.line
      throw error
    }
    return 'nothing was thrown'
  }

  it('a parameter of a rule, with its arm', () => {
    const line = lineOf(
      declared({ adaptive: { decode: 'speculative', gamma: 4, accept: dsdAdaptive({ tau: sweep([0.1, 1.4]) }) } }),
    )
    expect(line).toMatch(/^arms\.adaptive\.accept\.tau: 1\.4 is .*; /)
  })

  it('a rule that nobody registered', () => {
    const line = lineOf(declared({ mine: { decode: 'speculative', gamma: 4, accept: { name: 'stritc' } } }))
    expect(line).toMatch(/^arms\.mine\.accept: unknown acceptance rule "stritc"; .*strict/)
  })

  it('a control whose window its model does not have', () => {
    const line = lineOf(
      declared({
        adaptive: { decode: 'speculative', gamma: 4, accept: dsdAdaptive() },
        random: { decode: 'speculative', gamma: 8, accept: randomRelaxation({ matchRateOf: 'adaptive' }) },
      }),
    )
    expect(line).toBe('arms.random.gamma: no variant of adaptive has a window of 8; choose one of 4')
  })
})
