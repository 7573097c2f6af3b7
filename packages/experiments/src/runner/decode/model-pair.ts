import { classifyVocabulary, resolveRule } from '@dsd-lab/acceptance'
import { type Drafter, inProcessTarget, type ShardCompute, type Target } from '@dsd-lab/core'
import {
  type EngineName,
  importAsModule,
  loadDrafter,
  loadModel,
  type ModelSource,
  openModel,
  type Precision,
  type TextTokenizer,
} from '@dsd-lab/node-runtime'
import type { DrafterContext, DrafterSpec } from '../../drafters/define-drafter.ts'
import { drafterNamed } from '../../drafters/registry.ts'

export interface PairRequest {
  readonly target: string
  /** A model, or what drafts without one; null when nothing is drafted. */
  readonly draft: string | DrafterSpec | null
  readonly engine: EngineName
  /** Of a draft model; undefined: as the engine holds it by itself. */
  readonly draftPrecision?: Precision | undefined
  /** Modules that register acceptance rules and drafters, as URLs. */
  readonly ruleModules: readonly string[]
}

/** Both models in this process, the target whole and on a clock that charges nothing: the quickest way to the tokens. */
export interface ModelPair {
  readonly target: Target
  /** The model behind `target`, for what reads it along a known text. */
  readonly compute: ShardCompute
  /** Class of each id. `[vocab]` */
  readonly tokenClasses: Uint8Array
  readonly drafter: Drafter | undefined
  /** Whether the text itself drafts; nothing can then be replayed. */
  readonly draftsFromText: boolean
  readonly tokenizer: TextTokenizer
  /** Largest total length that both models can take. */
  readonly maxLength: number
}

/** @throws DsdError when a model cannot be opened or an engine cannot start. */
export async function loadPair({
  target,
  draft,
  engine,
  draftPrecision,
  ruleModules,
}: PairRequest): Promise<ModelPair> {
  for (const module of ruleModules) await importAsModule(module)
  const source = await openModel(target)
  const tokenizer = await source.tokenizer()
  const compute = await loadModel({ model: source, engine })
  const classes = tokenClasses(tokenizer, source.config.vocabSize)
  const draftSource = typeof draft === 'string' ? await openModel(draft) : undefined
  return {
    target: inProcessTarget({
      name: target,
      shards: [compute],
      resolveRule,
      tokenClasses: classes,
      eos: source.config.eos,
      modelDigest: await source.digest(),
    }),
    compute,
    tokenClasses: classes,
    drafter: await drafterOf({
      draft: draftSource ?? draft,
      engine,
      precision: draftPrecision,
      context: { tokenizer, vocabSize: source.config.vocabSize },
    }),
    draftsFromText: draft !== null && typeof draft !== 'string',
    tokenizer,
    maxLength: Math.min(source.config.maxLength, draftSource?.config.maxLength ?? Number.POSITIVE_INFINITY),
  }
}

/** Drafts with a model, or without one; undefined when nothing is drafted. */
export async function drafterOf({
  draft,
  engine,
  precision,
  background,
  context,
}: {
  readonly draft: ModelSource | DrafterSpec | string | null
  readonly engine: EngineName
  readonly precision?: Precision | undefined
  /** Compute behind other work of this machine. */
  readonly background?: boolean
  readonly context: DrafterContext
}): Promise<Drafter | undefined> {
  if (draft === null) return undefined
  if (typeof draft === 'string' || !('kind' in draft))
    return loadDrafter({ model: draft, engine, precision, background })
  return drafterNamed(draft).open(draft, context)
}

/** Class of each id; a vocabulary that is padded beyond its tokenizer has `other` (0) there. `[vocab]` */
export function tokenClasses(tokenizer: TextTokenizer, vocabSize: number): Uint8Array {
  const classes = new Uint8Array(vocabSize)
  classes.set(classifyVocabulary(tokenizer.pieces()).subarray(0, vocabSize))
  return classes
}
