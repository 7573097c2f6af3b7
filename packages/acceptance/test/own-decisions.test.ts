import type { RowDecision, RowRule } from '@dsd-lab/core'
import { describe, expect, it } from 'vitest'
import { correct, defineRule, keep, registerRule, relax } from '../src/index.ts'
import { judging } from './rules/judging.ts'

const rows = [
  [0.1, 0.9],
  [0.5, 0.5],
]

let made = 0
/** Judges one drafted token, at position 10, by a rule of one's own. */
function decided(decide: RowRule) {
  const rule = defineRule({
    name: `own-${made++}`,
    parameters: {},
    create: () => ({ lossless: false, decide }),
  })
  registerRule(rule)
  return judging({ spec: rule(), rows, drafted: [1] })
}

/** A decision as a file without types may give it. */
const untyped = (value: unknown): RowRule => {
  const given: { readonly decision: RowDecision } = JSON.parse(JSON.stringify({ decision: value }))
  return () => given.decision
}

describe("the decision of a rule of one's own", () => {
  it('stands when it is one', () => {
    expect(decided(() => keep()).accepted).toBe(1)
    expect(decided(() => relax()).accepted).toBe(1)
    expect(decided(() => correct(0))).toMatchObject({ accepted: 0, next: 0 })
  })

  it.each([
    ['true', untyped(true), 'decide() answered true at position 10'],
    ['nothing', untyped(undefined), 'decide() answered undefined at position 10'],
    ['half a decision', untyped({ keep: true }), 'decide() answered {"keep":true} at position 10'],
    ['a token that there is not', () => correct(7), 'decide() put token 7 at position 10, not one of 2'],
  ])('fails at once, with rule and position, when it is %s', (_, decide, message) => {
    expect(() => decided(decide)).toThrow(
      expect.objectContaining({
        message,
        where: expect.stringMatching(/^rule own-\d+$/),
        fix: 'return keep(), relax() or correct(token)',
      }),
    )
  })

  it('that throws is named with rule, position, and the line that threw', () => {
    const decide = (): RowDecision => {
      throw new TypeError('boom')
    }
    expect(() => decided(decide)).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/^decide\(\) threw at position 10: boom \(own-decisions\.test\.ts:\d+:\d+\)$/),
        kind: 'bad-input',
        where: expect.stringMatching(/^rule own-\d+$/),
      }),
    )
  })
})
