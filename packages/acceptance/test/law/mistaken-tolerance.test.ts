import {
  type Distribution,
  type DraftedRow,
  type JudgedRow,
  jsDivergence,
  judgeRun,
  klDivergence,
  mixture,
  pointMass,
  quantise,
  type RuleSpec,
  sampleToken,
  sequenceNoise,
  softmax,
  sparseDistribution,
  targetToken,
  warp,
} from '@dsd-lab/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  correct,
  deferredWindow,
  defineRule,
  deterministic,
  divergence,
  keep,
  margin,
  marginNats,
  registerRule,
  relax,
  resolveRule,
  uncertainty,
} from '../../src/index.ts'
import { judging } from '../rules/judging.ts'
import { jointLaw, worstError } from './enumerate.ts'
import { toyLanguage } from './toy-language.ts'

// Each test builds a mistake that was published somewhere, or is easy to make, and shows that the check of the right rule turns red on it.

type Tolerates = (row: DraftedRow, ahead: readonly JudgedRow[]) => boolean

/** A registered rule that keeps the target's own choice and what `tolerates` says. */
function mistaken(name: string, tolerates: Tolerates): RuleSpec {
  const rule = defineRule({
    name: `mistaken-${name}`,
    parameters: {},
    create: () => ({
      lossless: false,
      needs: 'distribution',
      looksAhead: true,
      decide(row, _, ahead) {
        const own = targetToken(row)
        if (row.drafted === own) return keep()
        return tolerates(row, ahead) ? relax() : correct(own)
      },
    }),
  })
  registerRule(rule)
  return rule()
}

const seeds = Array.from({ length: 40 }, (_, seed) => seed)
const logitsOf = (seed: number, role: number): Float32Array => {
  const noise = sequenceNoise({ seed, sequence: role }).at(0)
  return Float32Array.from({ length: 6 }, (_, id) => 2 * noise.targetGumbel(id))
}

interface Mismatch {
  readonly logits: Float32Array
  readonly draft: Distribution
  readonly temperature: number
}

/** Whether the rule keeps the drafter's most likely token; 'match' where the target chose it too. */
function keeps(spec: RuleSpec, { logits, draft, temperature }: Mismatch): boolean | 'match' {
  const rule = resolveRule(spec, { vocabSize: logits.length, temperature })
  const { annotations } = judgeRun({
    rule,
    sampling: { temperature },
    logits: Float32Array.from([...logits, ...logits]),
    vocabSize: logits.length,
    firstPosition: 0,
    drafted: [draft.ids[0] ?? 0],
    drafts: [draft],
    noise: sequenceNoise({ seed: 1, sequence: 0 }),
  })
  return annotations[0]?.origin === 'draft' ? 'match' : annotations[0]?.origin === 'relaxed'
}

describe('a verdict that follows from the laws tells margin-nats from', () => {
  it('a margin on raw logits, which changes when a constant is added to all of them', () => {
    const logits = fc.array(fc.integer({ min: -40, max: 40 }), { minLength: 4, maxLength: 4 })
    const isInvariant = (spec: RuleSpec): boolean => {
      const verdict = (row: readonly number[]): string => {
        const rows = [row, row.map(() => 1)]
        return row.map((_, x) => judging({ spec, rows, logits: row, drafted: [x] }).accepted).join()
      }
      const shifted = fc.property(logits, fc.integer({ min: -60, max: 60 }), (row, shift) => {
        const scaled = row.map((z) => z / 4)
        return verdict(scaled) === verdict(scaled.map((z) => z + shift))
      })
      return !fc.check(shifted, { seed: 3, numRuns: 300 }).failed
    }
    expect([isInvariant(marginNats()), isInvariant(margin())]).toEqual([true, false])
  })
})

describe('a threshold of ln 2 keeps every draft, and tells the Jensen-Shannon divergence from', () => {
  it('the reversed one of published code, which has no bound', () => {
    const reversed = mistaken('reversed-js', ({ target, draft = target }) => {
      const middle = mixture({ base: target, other: draft, share: 0.5 })
      return (klDivergence(middle, target) + klDivergence(middle, draft)) / 2 <= Math.LN2
    })
    const keepsAll = (spec: RuleSpec): boolean =>
      seeds.every((seed) => {
        const draft = quantise(softmax(logitsOf(seed, 1)), 3)
        return keeps(spec, { logits: logitsOf(seed, 0), draft, temperature: 1 }) !== false
      })
    expect([keepsAll(divergence({ threshold: Math.LN2 })), keepsAll(reversed)]).toEqual([true, false])
  })
})

describe('a draft model that is nearly the target is kept whole, and tells divergence from', () => {
  /** The law of the target; at temperature 0 with its two best tokens exchanged where they are close, so that there is a mismatch to judge. */
  const twinOf = (logits: Float32Array, temperature: number): Distribution => {
    const law = temperature === 0 ? softmax(logits) : warp(logits, { temperature })
    const [first = 0, second = 0, ...rest] = law.ids
    const isClose = law.probabilityOf(first) - law.probabilityOf(second) < 0.05
    if (temperature > 0 || !isClose) return law
    const weights = [second, first, ...rest].map((id) => law.probabilityOf(id))
    return sparseDistribution({ vocabSize: logits.length, ids: [first, second, ...rest], weights })
  }
  const isKept = (spec: RuleSpec, temperature: number): boolean =>
    seeds.every((seed) => {
      const logits = logitsOf(seed, 0)
      return keeps(spec, { logits, draft: twinOf(logits, temperature), temperature }) !== false
    })

  it('a target law before warping against a draft law after it', () => {
    const unwarped = mistaken(
      'unwarped',
      ({ untempered, draft = untempered }) => jsDivergence(untempered, draft) <= 0.01,
    )
    const right = divergence({ threshold: 0.01 })
    expect([isKept(right, 0.5), isKept(unwarped, 0.5)]).toEqual([true, false])
  })

  it('point masses at temperature 0, between which every mismatch is as far as can be', () => {
    const pointed = mistaken(
      'point-masses',
      ({ target, drafted }) => jsDivergence(target, pointMass(drafted, 6)) <= 0.01,
    )
    const right = divergence({ threshold: 0.01 })
    expect([isKept(right, 0), isKept(pointed, 0)]).toEqual([true, false])
  })
})

describe('a truncated draft law can be relaxed to, and tells kl from', () => {
  it('the other direction, which is infinite wherever q was cut', () => {
    const other = mistaken('other-kl', ({ target, draft = target }) => klDivergence(target, draft) <= 1)
    const relaxes = (spec: RuleSpec): boolean =>
      seeds.some((seed) => {
        const draft = quantise(softmax(logitsOf(seed, 1)), 3)
        return keeps(spec, { logits: logitsOf(seed, 0), draft, temperature: 1 }) === true
      })
    expect([relaxes(divergence({ threshold: 1, variant: 'kl' })), relaxes(other)]).toEqual([true, false])
  })
})

describe('a mismatch without its look-ahead is rejected, and tells deferred-window from', () => {
  it('a rule that takes the end of the window for agreement', () => {
    const hasty = mistaken('hasty-window', (_, ahead) => {
      const next = ahead.slice(0, 2).filter(({ drafted }) => drafted !== undefined)
      return next.every(({ drafted }) => drafted === 0)
    })
    const unsure = [0.5, 0.4, 0.05, 0.05]
    const isStrict = (spec: RuleSpec): boolean =>
      [1, 2].every((length) => {
        const drafted = [1, 0].slice(0, length)
        const rows = [...drafted, 0].map(() => unsure)
        return judging({ spec, rows, drafted }).accepted === 0
      })
    expect([isStrict(deferredWindow({ w: 3 })), isStrict(hasty)]).toEqual([true, false])
  })
})

describe('the exact law tells', () => {
  const sampling = { temperature: 0.8 }
  const context = { vocabSize: 4, temperature: sampling.temperature }

  it('deterministic from one that leaves x in what it replaces it from', () => {
    const language = toyLanguage({ seed: 3, vocabSize: 4, sampling, drafter: 'deterministic' })
    const careless = defineRule({
      name: 'mistaken-residual',
      parameters: {},
      create: () => ({
        lossless: true,
        decide: ({ target, drafted, noise }) =>
          noise.acceptUniform() < target.probabilityOf(drafted) ? keep() : correct(sampleToken(target, noise.residual)),
      }),
    })
    const isExact = (rule: ReturnType<typeof resolveRule>): boolean =>
      worstError(jointLaw({ rule, language, gamma: 1 }), language, 2) < 1e-12
    expect([
      isExact(resolveRule(deterministic(), context)),
      isExact(careless.resolve({ name: 'mistaken-residual' }, context)),
    ]).toEqual([true, false])
  })

  it('uncertainty within its bound from one whose slack grows with certainty', () => {
    const language = toyLanguage({ seed: 5, vocabSize: 4, sampling, drafter: (logits) => warp(logits, sampling) })
    const p = language.target([])
    const bound = 0.5 * (1 - (p.probabilities[0] ?? 0))
    const backwards = defineRule({
      name: 'mistaken-slack',
      parameters: {},
      create: () => ({
        lossless: false,
        needs: 'distribution',
        drafting: 'sampled',
        decide({ target, drafted, draft = target, noise }) {
          const slack = 0.5 * (target.probabilities[0] ?? 0)
          const ratio = target.probabilityOf(drafted) / draft.probabilityOf(drafted)
          return noise.acceptUniform() <= ratio + slack ? keep() : correct(sampleToken(target, noise.residual))
        },
      }),
    })
    const isWithin = (rule: ReturnType<typeof resolveRule>): boolean => {
      const law = jointLaw({ rule, language, gamma: 1 })
      const first = [0, 1, 2, 3].map((id) =>
        [...law].reduce((sum, [text, share]) => sum + (text.startsWith(`${id},`) ? share : 0), 0),
      )
      return first.reduce((sum, share, id) => sum + Math.abs(share - p.probabilityOf(id)), 0) / 2 <= bound
    }
    expect([
      isWithin(resolveRule(uncertainty({ a: 0.5 }), context)),
      isWithin(backwards.resolve({ name: 'mistaken-slack' }, context)),
    ]).toEqual([true, false])
  })
})
