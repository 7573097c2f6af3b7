import { autoWindow, type RuleSpec } from '@dsd-lab/core'
import { answersWithProgram } from '../datasets/task-item.ts'
import { timedChain } from '../plan/conditions.ts'
import type { Decoding, DecodingResult } from '../store/schema.ts'
import { buildDecoding } from './build-decoding.ts'
import type { TextEntry } from './decode/text-entry.ts'
import { type PassWork, taskOf } from './pass-work.ts'

/** Makes a decoding of the texts of its pass once they are there, and writes it. */
export async function writeDecoding({
  plan,
  setting,
  folder,
  decoding,
  accept,
  entries,
}: Pick<PassWork, 'plan' | 'setting' | 'folder'> & {
  readonly decoding: Decoding
  readonly accept: Promise<RuleSpec | null>
  readonly entries: Promise<readonly TextEntry[]>
}): Promise<DecodingResult> {
  const planned = plan.variants.find(({ record }) => record.id === decoding.variant)
  if (planned === undefined) throw new RangeError(`decoding ${decoding.id} has no variant`)
  const { record: variant, rule } = planned
  const [measured, texts] = await Promise.all([accept, entries])
  const spec = variant.decode === 'autoregressive' ? null : (rule?.spec ?? measured)
  const { items, prompts: put } = taskOf(setting, decoding.task)
  const prompts = new Map(items.map(({ id }, index) => [id, put[index]?.text ?? '']))
  const programs = new Set(items.filter(answersWithProgram).map(({ id }) => id))
  const condition = plan.conditions.find(({ id }) => id === decoding.condition)
  const { hiddenSize } = setting.target.config
  const chosen =
    condition === undefined
      ? undefined
      : {
          policy: autoWindow({ maxGamma: variant.gamma }),
          chain: timedChain({ condition, hiddenSize, seed: decoding.seed }),
        }
  const { result, trace } = buildDecoding({
    decoding,
    variant,
    accept: spec,
    entries: texts,
    prompts,
    programs,
    chosen,
  })
  await folder.writeDecoding(result, trace)
  return result
}
