import { type AcceptanceRule, DsdError, type RuleContext, type RuleResolver, type RuleSpec } from '@dsd-lab/core'
import { z } from 'zod'
import type { RegisteredRule } from './define-rule.ts'
import { nearest } from './nearest.ts'
import { acceptEverything } from './rules/accept-everything.ts'
import { coupled } from './rules/coupled.ts'
import { deferredWindow } from './rules/deferred-window.ts'
import { deterministic } from './rules/deterministic.ts'
import { divergence } from './rules/divergence.ts'
import { dsdAdaptive } from './rules/dsd-adaptive.ts'
import { forced } from './rules/forced.ts'
import { greedy } from './rules/greedy.ts'
import { klJudge } from './rules/kl-judge.ts'
import { lenience } from './rules/lenience.ts'
import { margin } from './rules/margin.ts'
import { marginNats } from './rules/margin-nats.ts'
import { oracle } from './rules/oracle.ts'
import { randomRelaxation } from './rules/random-relaxation.ts'
import { relaxedTopN } from './rules/relaxed-top-n.ts'
import { strict } from './rules/strict.ts'
import { topKGap } from './rules/top-k-gap.ts'
import { typical } from './rules/typical.ts'
import { uncertainty } from './rules/uncertainty.ts'

const builtIn: readonly RegisteredRule[] = [
  strict,
  greedy,
  coupled,
  deterministic,
  lenience,
  typical,
  topKGap,
  relaxedTopN,
  margin,
  marginNats,
  deferredWindow,
  divergence,
  uncertainty,
  klJudge,
  dsdAdaptive,
  randomRelaxation,
  forced,
  acceptEverything,
  oracle,
]

/** Names of the rules that ship: every process knows them without being told. */
export const builtInRuleNames: readonly string[] = builtIn.map(({ ruleName }) => ruleName)

const rules = new Map(builtIn.map((rule) => [rule.ruleName, rule]))

/**
 * Makes a rule known by its name in this process; every process that judges (each `dsd-node`) has to call it too.
 * @throws DsdError (`bad-input`) when another rule has the name.
 */
export function registerRule(rule: RegisteredRule): void {
  const taken = rules.get(rule.ruleName)
  if (taken !== undefined && taken !== rule) {
    throw new DsdError(`a rule named ${rule.ruleName} exists already`, {
      kind: 'bad-input',
      where: 'registerRule',
      fix: 'choose another name',
    })
  }
  rules.set(rule.ruleName, rule)
}

/** Names of the known rules, built-in ones first. */
export function ruleNames(): string[] {
  return [...rules.keys()]
}

/**
 * Builds a rule from its spec at the tail.
 * @throws DsdError (`bad-input`) for an unknown name, a bad parameter, or a token class table of another vocabulary.
 */
export const resolveRule: RuleResolver = (spec: RuleSpec, context: RuleContext): AcceptanceRule => {
  const { tokenClasses, vocabSize } = context
  if (tokenClasses !== undefined && tokenClasses.length !== vocabSize) {
    throw new DsdError(`${tokenClasses.length} token classes for a vocabulary of ${vocabSize}`, {
      kind: 'bad-input',
      where: 'tokenClasses',
      fix: 'classify the vocabulary of the target',
    })
  }
  return ruleNamed(spec.name).resolve(spec, context)
}

/** A rule spec with its parameters checked and defaults filled in. */
export const ruleSpecSchema = z.looseObject({ name: z.string() }).transform((spec, check): RuleSpec => {
  try {
    return ruleNamed(spec.name).parse(spec)
  } catch (error) {
    if (!(error instanceof DsdError)) throw error
    const path = error.where?.split('.').slice(1) ?? []
    check.addIssue({ code: 'custom', path, message: [error.message, error.fix].join('; ') })
    return z.NEVER
  }
})

function ruleNamed(name: string): RegisteredRule {
  const rule = rules.get(name)
  if (rule !== undefined) return rule
  throw new DsdError(`unknown acceptance rule ${JSON.stringify(name)}`, {
    kind: 'bad-input',
    where: 'rule.name',
    fix: `use ${nearest(name, ruleNames())}, or call registerRule for a rule of your own`,
  })
}
