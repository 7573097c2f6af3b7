import { DsdError, isToken, type JudgedRow, type RowDecision, type RowRule } from '@dsd-lab/core'

/**
 * The rule with every answer checked, so that a slip in it fails at once, where it is.
 *
 * @throws DsdError `bad-input` naming rule and position when `decide` throws, answers no decision, or corrects to a token outside the vocabulary.
 */
export function checkedRule({
  rule,
  decide,
  vocabSize,
}: {
  readonly rule: string
  readonly decide: RowRule
  readonly vocabSize: number
}): RowRule {
  return (row, index, ahead) => {
    const decision = carryOut(rule, row, () => decide(row, index, ahead))
    if (!isDecision(decision)) {
      throw wrongRule(rule, `decide() answered ${text(decision)} at position ${row.position}`)
    }
    if (!decision.kept && !isToken(decision.token, vocabSize)) {
      throw wrongRule(
        rule,
        `decide() put token ${text(decision.token)} at position ${row.position}, not one of ${vocabSize}`,
      )
    }
    return decision
  }
}

/** What the target computed may itself be wrong: such an error says so already. */
function carryOut(rule: string, { position }: JudgedRow, decide: () => unknown): unknown {
  try {
    return decide()
  } catch (error) {
    if (error instanceof DsdError) throw error
    const what = error instanceof Error ? `${error.message}${placeOf(error)}` : String(error)
    throw new DsdError(`decide() threw at position ${position}: ${what}`, {
      kind: 'bad-input',
      where: `rule ${rule}`,
      fix: 'mend it',
      cause: error,
    })
  }
}

/** ` (own-rule.ts:12:9)`: from a node only the line of an error comes back, not its stack. */
function placeOf({ stack = '' }: Error): string {
  const top = /^\s*at .*$/m.exec(stack)?.[0] ?? ''
  const [, file, line] = /([^\\/\s(?]+)(?:\?[^:]*)?(:\d+:\d+)\)?$/.exec(top) ?? []
  return file === undefined || line === undefined ? '' : ` (${file}${line})`
}

function wrongRule(rule: string, what: string): DsdError {
  return new DsdError(what, {
    kind: 'bad-input',
    where: `rule ${rule}`,
    fix: 'return keep(), relax() or correct(token)',
  })
}

function isDecision(value: unknown): value is RowDecision {
  return typeof value === 'object' && value !== null && 'kept' in value && typeof value.kept === 'boolean'
}

function text(value: unknown): string {
  return typeof value === 'object' ? (JSON.stringify(value) ?? 'an object') : String(value)
}
