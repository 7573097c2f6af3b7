import { resolveRule } from '@dsd-lab/acceptance'
import { inProcessTarget } from '@dsd-lab/core'
import { loadDrafter, loadModel, localCluster, openModel } from '@dsd-lab/node-runtime'
import { compareText, type Reference, referenceText } from './compare-text.ts'
import { combinations, type Divergence } from './grid.ts'
import type { Share } from './share.ts'

/** The same comparison over shard processes and sockets, one cluster after the other. */
export async function verifyLive(
  { targetRef, draftRef, grid, prompts }: Share,
  tell: (divergence: Divergence | undefined, nodes: number) => void,
): Promise<void> {
  const model = await openModel(targetRef)
  const tokenizer = await model.tokenizer()
  await using drafter = await loadDrafter({ model: draftRef })
  await using whole = await loadModel({ model })
  const plain = inProcessTarget({ name: targetRef, shards: [whole], resolveRule, eos: model.config.eos })
  const references = new Map<string, Reference>()
  for (const nodes of grid.nodes) {
    await using cluster = await localCluster({ model: targetRef, nodes })
    for (const prompt of prompts) {
      for (const combination of combinations({ ...grid, nodes: [nodes] })) {
        const { temperature } = combination
        const setting = { tokenizer, prompt, seed: grid.seed }
        const key = `${prompt.item} ${temperature}`
        const reference = references.get(key) ?? (await referenceText({ ...setting, target: plain, temperature }))
        references.set(key, reference)
        tell(await compareText({ ...setting, target: cluster, drafter, combination, reference, live: true }), nodes)
      }
    }
  }
}
