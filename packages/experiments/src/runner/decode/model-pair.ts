import { classifyVocabulary, resolveRule } from '@dsd-lab/acceptance'
import { type Drafter, inProcessTarget, type Target } from '@dsd-lab/core'
import { type EngineName, loadModel, modelDrafter, openModel, type TextTokenizer } from '@dsd-lab/node-runtime'

export interface PairRequest {
  readonly target: string
  /** Null when nothing is drafted. */
  readonly draft: string | null
  readonly engine: EngineName
  /** Modules that register acceptance rules, as URLs. */
  readonly ruleModules: readonly string[]
}

/** Both models in this process, the target whole and on a clock that charges nothing: the quickest way to the tokens. */
export interface ModelPair {
  readonly target: Target
  readonly drafter: Drafter | undefined
  readonly tokenizer: TextTokenizer
  /** Largest total length that both models can take. */
  readonly maxLength: number
}

/** @throws DsdError when a model cannot be opened or an engine cannot start. */
export async function loadPair({ target, draft, engine, ruleModules }: PairRequest): Promise<ModelPair> {
  for (const module of ruleModules) await import(module)
  const source = await openModel(target)
  const tokenizer = await source.tokenizer()
  const compute = await loadModel({ model: source, engine })
  const draftSource = draft === null ? undefined : await openModel(draft)
  return {
    target: inProcessTarget({
      name: target,
      shards: [compute],
      resolveRule,
      tokenClasses: tokenClasses(tokenizer, source.config.vocabSize),
      eos: source.config.eos,
      modelDigest: await source.digest(),
    }),
    drafter: draftSource === undefined ? undefined : await modelDrafter({ model: draftSource, engine }),
    tokenizer,
    maxLength: Math.min(source.config.maxLength, draftSource?.config.maxLength ?? Number.POSITIVE_INFINITY),
  }
}

/** Class of each id; a vocabulary that is padded beyond its tokenizer has `other` (0) there. `[vocab]` */
export function tokenClasses(tokenizer: TextTokenizer, vocabSize: number): Uint8Array {
  const classes = new Uint8Array(vocabSize)
  classes.set(classifyVocabulary(tokenizer.pieces()).subarray(0, vocabSize))
  return classes
}
