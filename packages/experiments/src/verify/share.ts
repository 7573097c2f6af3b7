import { resolveRule } from '@dsd-lab/acceptance'
import { inProcessTarget, type Target } from '@dsd-lab/core'
import { loadDrafter, loadModel, loadShard, type ModelSource, openModel, placeLayers } from '@dsd-lab/node-runtime'
import { compareText, referenceText } from './compare-text.ts'
import { combinations, type Divergence, type Grid, type NumberedPrompt } from './grid.ts'

/** A part of the prompts, for one process; plain data. */
export interface Share {
  readonly targetRef: string
  readonly draftRef: string
  readonly grid: Grid
  readonly prompts: readonly NumberedPrompt[]
}

/**
 * The target in this process, really cut into shards that hand hidden states on through the frames of the protocol.
 *
 * @param loaded gets the shards, which the caller disposes
 */
async function cutTarget(model: ModelSource, nodes: number, loaded: AsyncDisposable[]): Promise<Target> {
  const speeds = Array.from({ length: nodes }, () => 1)
  const ranges = placeLayers({ layers: model.config.layers, speeds })
  const shards = []
  for (const layers of ranges) {
    const shard = await loadShard({ model, layers })
    loaded.push(shard)
    shards.push(shard)
  }
  return inProcessTarget({ name: `${model.ref} over ${nodes}`, shards, resolveRule, eos: model.config.eos })
}

/** Compares every prompt of the share over every combination; tells each comparison as it is made. */
export async function verifyShare(
  { targetRef, draftRef, grid, prompts }: Share,
  tell: (divergence: Divergence | undefined, nodes: number) => void,
): Promise<void> {
  const model = await openModel(targetRef)
  const tokenizer = await model.tokenizer()
  await using drafter = await loadDrafter({ model: draftRef })
  const loaded: AsyncDisposable[] = []
  try {
    const whole = await loadModel({ model })
    loaded.push(whole)
    const plain = inProcessTarget({ name: targetRef, shards: [whole], resolveRule, eos: model.config.eos })
    const targets = new Map<number, Target>()
    for (const nodes of grid.nodes) targets.set(nodes, await cutTarget(model, nodes, loaded))
    for (const prompt of prompts) {
      for (const temperature of grid.temperatures) {
        const setting = { tokenizer, prompt, seed: grid.seed }
        const reference = await referenceText({ ...setting, target: plain, temperature })
        for (const combination of combinations({ ...grid, temperatures: [temperature] })) {
          const target = targets.get(combination.nodes) ?? plain
          const text = { ...setting, target, drafter, combination, reference, live: false }
          tell(await compareText(text), combination.nodes)
        }
      }
    }
  } finally {
    for (const shard of loaded) await shard[Symbol.asyncDispose]()
  }
}
