import { TOKEN_CLASSES, type TokenClass, type TokenId } from '@dsd-lab/core'
import { loadModel, openModel, type TextTokenizer } from '@dsd-lab/node-runtime'
import { tokenClasses } from '../../runner/decode/model-pair.ts'
import type { FlipPair } from './flip-request.ts'
import { TextRows } from './text-rows.ts'

/** Both models whole in this process, each with the KV rows of the text that it read last. */
export interface FlipModels {
  readonly target: TextRows
  readonly draft: TextRows
  readonly tokenizer: TextTokenizer
  readonly vocabSize: number
  readonly eos: readonly TokenId[]
  /** Whether the bits of a target row do not depend on the rows computed with it; else no text is guessed ahead. */
  readonly rowInvariant: boolean
  /** Largest total length that both models can take. */
  readonly maxLength: number
  classOf(id: TokenId): TokenClass
}

/** @throws DsdError when a model cannot be opened or an engine cannot start. */
export async function loadFlipModels({ target, draft, engine }: FlipPair): Promise<FlipModels> {
  const source = await openModel(target)
  const tokenizer = await source.tokenizer()
  const { vocabSize, eos } = source.config
  const compute = await loadModel({ model: source, engine })
  const draftCompute = await loadModel({ model: draft, engine })
  const classes = tokenClasses(tokenizer, vocabSize)
  return {
    target: new TextRows(compute),
    draft: new TextRows(draftCompute),
    tokenizer,
    vocabSize,
    eos,
    rowInvariant: compute.engine.rowInvariance.holds,
    maxLength: Math.min(compute.maxLength, draftCompute.maxLength),
    classOf: (id) => TOKEN_CLASSES[classes[id] ?? 0] ?? 'other',
  }
}
