import { type Drafter, modelDrafter } from '@dsd-lab/core'
import { openModel } from '../models/model-source.ts'
import { requireSameTokenizer } from '../tokenizers/same-tokenizer.ts'
import type { TextTokenizer } from '../tokenizers/tokenizer.ts'
import { loadModel } from './load-shard.ts'
import type { ModelRequest } from './model-request.ts'

export interface DrafterRequest extends ModelRequest {
  /** Tokenizer of the target: a draft model whose ids mean something else is refused. Default: not checked. */
  readonly targetTokenizer?: TextTokenizer | undefined
}

/**
 * Drafts with a whole model on an engine of this process.
 *
 * @throws DsdError when the model or the engine cannot be loaded, or an id means different tokens to target and draft model
 */
export async function loadDrafter({ targetTokenizer, ...request }: DrafterRequest): Promise<Drafter> {
  const model = typeof request.model === 'string' ? await openModel(request.model) : request.model
  if (targetTokenizer !== undefined) requireSameTokenizer(targetTokenizer, await model.tokenizer())
  return modelDrafter({ name: model.ref, compute: await loadModel({ ...request, model }) })
}
