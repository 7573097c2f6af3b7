/** Recorded passes of the bundled pair over its held-out tasks, for benches that replay. */
import { resolveRule } from '@dsd-lab/acceptance'
import { inProcessTarget, type RecordedPass, recordPass } from '@dsd-lab/core'
import { loadTask } from '@dsd-lab/experiments'
import { loadDrafter, loadModel, openModel } from '@dsd-lab/node-runtime'

export interface RecordedText {
  readonly item: string
  /** Place in its task; keys jitter and loss. */
  readonly sequence: number
  readonly prompt: string
  readonly pass: RecordedPass
}

/** @param perTask items of each bundled task */
export async function recordBundledPair(perTask: number): Promise<RecordedText[]> {
  const model = await openModel('bundled:lab-target')
  const tokenizer = await model.tokenizer()
  await using compute = await loadModel({ model })
  await using drafter = await loadDrafter({ model: 'bundled:lab-draft' })
  const target = inProcessTarget({ name: model.ref, shards: [compute], resolveRule, eos: model.config.eos })
  const texts: RecordedText[] = []
  for (const task of ['word-problems', 'programs']) {
    for (const { id, prompt } of loadTask(task, { limit: perTask }).items) {
      const sequence = texts.length
      const asks = { prompt: tokenizer.encode(prompt), seed: 1, sequence, maxTokens: 128 }
      texts.push({ item: id, sequence, prompt, pass: await recordPass({ target, drafter, ...asks }) })
    }
  }
  return texts
}
