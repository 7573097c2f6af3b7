import { type Drafter, modelDrafter as drafterOver } from '@dsd-lab/core'
import { loadModel, type ModelRequest } from './load-shard.ts'

/**
 * Drafts with a whole model on an engine of this process.
 *
 * @throws DsdError when the model or the engine cannot be loaded
 */
export async function modelDrafter(request: ModelRequest): Promise<Drafter> {
  const name = typeof request.model === 'string' ? request.model : request.model.ref
  return drafterOver({ name, compute: await loadModel(request) })
}
