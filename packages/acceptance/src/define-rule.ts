import {
  type AcceptanceRule,
  alongWindow,
  type DraftingMode,
  type DraftNeeds,
  DsdError,
  type JudgedRow,
  type RowRule,
  type RuleContext,
  type RuleSpec,
  type RunVerdict,
  type TokenId,
} from '@dsd-lab/core'
import { z } from 'zod'
import { checkedRule } from './checked-decision.ts'
import { evidenceOf } from './importance/evidence.ts'
import { type Importance, scoreImportance } from './importance/score.ts'
import { parameterError } from './parameter-error.ts'

/** What a rule does with one session. */
export interface RuleBehaviour {
  /** True iff the output law equals the target's, for any drafter. */
  readonly lossless: boolean
  /** What travels up with each drafted token. Default `ids`. */
  readonly needs?: DraftNeeds
  /** How the drafter picks tokens at temperature > 0. Default `coupled`. */
  readonly drafting?: DraftingMode
  /** False: at temperature 0 no draw of `noise` decides anything, so that no seed can change a text. Default: it may. */
  readonly drawsWhenGreedy?: boolean
  /**
   * True: a draft is kept iff it is `targetToken(row)`, and what replaces it is that token. With `coupled` drafting, or at
   * temperature 0, a run then replays every window from one recorded pass instead of decoding each. Default: false.
   */
  readonly replayable?: boolean
  /** True: `decide` is given the rows behind the drafted token; else it gets none. Default: false. */
  readonly looksAhead?: boolean
  /** Judges one drafted token; the run along the window is done for you. */
  readonly decide: RowRule
  /** Token after a fully kept window. Default: the target's own choice. */
  readonly bonus?: (row: JudgedRow) => TokenId
  /** Importance of a position for the annotations, asked for only when they are wanted. Default: the logistic score. */
  readonly score?: (row: JudgedRow) => Importance
}

export interface RuleSource<Shape extends z.core.$ZodLooseShape> {
  /** Name in specs and reports, kebab-case. */
  readonly name: string
  /** One zod schema per parameter; its `.describe('a number from 0 to 1')` ends up in the error line. Default: none. */
  readonly parameters: Shape
  /** Called once a session, at the tail. */
  create(parameters: z.output<z.ZodObject<Shape, z.core.$strict>>, context: RuleContext): RuleBehaviour
}

/** What the registry keeps of a rule. */
export interface RegisteredRule {
  readonly ruleName: string
  /** The spec with defaults filled in. @throws DsdError (`bad-input`) naming the parameter. */
  parse(spec: RuleSpec): RuleSpec
  resolve(spec: RuleSpec, context: RuleContext): AcceptanceRule
}

/** What a user may write for the parameters of a rule. */
export type RuleParameters<Rule> = Rule extends RuleConstructor<infer Shape> ? InputOf<Shape> : never

type InputOf<Shape extends z.core.$ZodLooseShape> = z.input<z.ZodObject<Shape, z.core.$strict>>

/** Parameters may be left out altogether when every one has a default. */
type Arguments<Shape extends z.core.$ZodLooseShape> =
  Record<never, never> extends InputOf<Shape> ? [parameters?: InputOf<Shape>] : [parameters: InputOf<Shape>]

/** A defined rule: call it with parameters for a spec, hand it to `registerRule` to make it known. */
export interface RuleConstructor<Shape extends z.core.$ZodLooseShape> extends RegisteredRule {
  (...parameters: Arguments<Shape>): RuleSpec
}

/**
 * Makes an acceptance rule from a decision about one row.
 *
 * @throws DsdError `bad-input` for a parameter that is called `name`.
 */
export function defineRule<const Shape extends z.core.$ZodLooseShape & { readonly name?: never }>(
  source: RuleSource<Shape>,
): RuleConstructor<Shape> {
  if (Object.hasOwn(source.parameters, 'name')) {
    throw new DsdError('a parameter is called name, as the rule itself in its spec', {
      kind: 'bad-input',
      where: `rule ${source.name}`,
      fix: 'call the parameter something else',
    })
  }
  const schema = z.strictObject(source.parameters)
  const parametersOf = (given: unknown): z.output<typeof schema> => {
    const parsed = schema.safeParse(given)
    if (parsed.success) return parsed.data
    throw parameterError({ rule: source.name, shape: source.parameters, error: parsed.error, given })
  }
  const specOf = (given: unknown): RuleSpec => ({ name: source.name, ...asRecord(parametersOf(given)) })
  const construct = (...[parameters]: Arguments<Shape>): RuleSpec => specOf(parameters ?? {})
  return Object.assign(construct, {
    ruleName: source.name,
    parse: (spec: RuleSpec) => specOf(withoutName(spec)),
    resolve(spec: RuleSpec, context: RuleContext): AcceptanceRule {
      const parameters = parametersOf(withoutName(spec))
      const behaviour = source.create(parameters, context)
      const { lossless, needs = 'ids', drafting = 'coupled', decide, bonus } = behaviour
      const { drawsWhenGreedy = true, replayable = false, looksAhead = false } = behaviour
      const checked = checkedRule({ rule: source.name, decide, vocabSize: context.vocabSize })
      const decideRow: RowRule = looksAhead ? checked : (row, index) => checked(row, index, [])
      const score = behaviour.score ?? ((row: JudgedRow) => scoreImportance(evidenceOf(row, context)))
      return {
        spec: { name: source.name, ...asRecord(parameters) },
        lossless,
        needs,
        drafting,
        drawsWhenGreedy,
        replayable,
        looksAhead,
        judge: (rows) => withImportance({ verdict: alongWindow(rows, decideRow, bonus), rows, score }),
      }
    },
  })
}

function withoutName({ name: _, ...parameters }: RuleSpec): unknown {
  return parameters
}

function asRecord(parameters: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(parameters))
}

interface Unscored {
  readonly verdict: RunVerdict
  readonly rows: readonly JudgedRow[]
  readonly score: (row: JudgedRow) => Importance
}

function withImportance({ verdict, rows, score }: Unscored): RunVerdict {
  const annotations = verdict.annotations.map((annotation, index) => {
    const row = rows[index]
    return row?.annotate === true ? { ...annotation, ...score(row) } : annotation
  })
  return { ...verdict, annotations }
}
