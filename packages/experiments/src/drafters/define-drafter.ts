import {
  type Drafter,
  type DraftSession,
  type DraftSessionRequest,
  type DraftWindow,
  DsdError,
  isToken,
  suggestName,
  type TokenId,
  unknownKey,
  type WindowPlan,
} from '@dsd-lab/core'
import type { TextTokenizer } from '@dsd-lab/node-runtime'
import { z } from 'zod'

/** A registered drafter by its name, and its parameters: what an experiment file holds of it. */
export interface DrafterSpec {
  readonly kind: string
  readonly [parameter: string]: unknown
}

/** What a drafter may want to know of the target. */
export interface DrafterContext {
  readonly tokenizer: TextTokenizer
  /** Ids are below it. */
  readonly vocabSize: number
}

/** Drafts one text. */
export interface OwnDraftSession {
  /**
   * Drafts the continuation of `context`, all committed ids, prompt included: at most `gamma` ids, or none where it knows nothing. `steps`
   * is what the window cost, in passes that each take the `draftStepMs` of the experiment; default 0, no cost.
   */
  propose(context: readonly TokenId[], plan: WindowPlan): ProposedWindow | Promise<ProposedWindow>
  close?(): void | Promise<void>
}

export type ProposedWindow = Omit<DraftWindow, 'steps'> & { readonly steps?: number }

export interface DrafterSource<Shape extends z.core.$ZodLooseShape> {
  /** Name in specs and reports, kebab-case. */
  readonly name: string
  /** One zod schema per parameter; its `.describe('a whole number from 1 to 16')` ends up in the error line. */
  readonly parameters: Shape
  /** Called once a process that drafts; what it returns is called once a text. May load what all texts share. */
  create(
    parameters: z.output<z.ZodObject<Shape, z.core.$strict>>,
    context: DrafterContext,
  ): DraftOpener | Promise<DraftOpener>
}

type DraftOpener = (request: DraftSessionRequest) => OwnDraftSession | Promise<OwnDraftSession>

/** What the registry keeps of a drafter. */
export interface RegisteredDrafter {
  readonly drafterName: string
  /** The spec with defaults filled in. @throws DsdError `bad-input` naming the parameter. */
  parse(spec: DrafterSpec): DrafterSpec
  open(spec: DrafterSpec, context: DrafterContext): Promise<Drafter>
}

type InputOf<Shape extends z.core.$ZodLooseShape> = z.input<z.ZodObject<Shape, z.core.$strict>>

/** Parameters may be left out altogether when every one has a default. */
type Arguments<Shape extends z.core.$ZodLooseShape> =
  Record<never, never> extends InputOf<Shape> ? [parameters?: InputOf<Shape>] : [parameters: InputOf<Shape>]

/** A defined drafter: call it with parameters for `models.draft`, hand it to `registerDrafter` to make it known. */
export interface DrafterConstructor<Shape extends z.core.$ZodLooseShape> extends RegisteredDrafter {
  (...parameters: Arguments<Shape>): DrafterSpec
}

/**
 * Makes a drafter that needs no draft model. Its windows may depend on the whole text before them, so they are always decoded, never
 * replayed.
 *
 * @throws DsdError `bad-input` for a parameter that is called `kind`.
 */
export function defineDrafter<const Shape extends z.core.$ZodLooseShape & { readonly kind?: never }>(
  source: DrafterSource<Shape>,
): DrafterConstructor<Shape> {
  const { name } = source
  if (Object.hasOwn(source.parameters, 'kind')) {
    throw new DsdError('a parameter is called kind, as the drafter itself in its spec', {
      kind: 'bad-input',
      where: `drafter ${name}`,
      fix: 'call the parameter something else',
    })
  }
  const schema = z.strictObject(source.parameters)
  const parametersOf = ({ kind: _, ...given }: DrafterSpec): z.output<typeof schema> => {
    const parsed = schema.safeParse(given)
    if (parsed.success) return parsed.data
    throw parameterError(source, parsed.error)
  }
  // Parameters are looked at when the experiment is, where a mistake has a path.
  const construct = (...[parameters]: Arguments<Shape>): DrafterSpec => ({ kind: name, ...parameters })
  return Object.assign(construct, {
    drafterName: name,
    parse: (spec: DrafterSpec): DrafterSpec => ({
      kind: name,
      ...Object.fromEntries(Object.entries(parametersOf(spec))),
    }),
    async open(spec: DrafterSpec, context: DrafterContext): Promise<Drafter> {
      const opener = await source.create(parametersOf(spec), context)
      return {
        name,
        open: async (request) => checkedSession(name, context, await opener(request)),
        [Symbol.asyncDispose]: async () => {},
      }
    },
  })
}

function checkedSession(name: string, { vocabSize }: DrafterContext, session: OwnDraftSession): DraftSession {
  const wrong = (what: string): DsdError =>
    new DsdError(what, { kind: 'bad-input', where: `drafter ${name}`, fix: 'mend propose() of the drafter' })
  return {
    async propose(context, plan) {
      const window = await session.propose(context, plan)
      const { tokens, steps = 0 } = window
      if (tokens.length > plan.gamma) throw wrong(`drafted ${tokens.length} tokens where ${plan.gamma} were asked for`)
      const foreign = tokens.find((id) => !isToken(id, vocabSize))
      if (foreign !== undefined) throw wrong(`drafted token ${foreign}, not one of ${vocabSize}`)
      if (!(Number.isInteger(steps) && steps >= 0)) throw wrong(`counted ${steps} steps, not a whole number`)
      return { ...window, steps }
    },
    close: async () => session.close?.(),
  }
}

function parameterError(
  { name, parameters }: Pick<DrafterSource<z.core.$ZodLooseShape>, 'name' | 'parameters'>,
  error: z.core.$ZodError,
): DsdError {
  const [issue] = error.issues
  const unknown = unknownKey(error)
  const path = unknown ?? issue?.path.join('.') ?? ''
  const described = parameters[path.split('.')[0] ?? '']
  const range = described instanceof z.ZodType ? described.description : undefined
  return new DsdError(unknown === undefined ? `is not right: ${issue?.message}` : 'unknown parameter', {
    kind: 'bad-input',
    where: `${name}.${path}`,
    fix:
      unknown === undefined
        ? `give ${range ?? 'what the drafter asks for'}`
        : Object.keys(parameters).length === 0
          ? 'leave it out, the drafter has no parameters'
          : suggestName(unknown, Object.keys(parameters)),
  })
}
