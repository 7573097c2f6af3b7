import { suggestName } from '@dsd-lab/core'
import type { Experiment, ExperimentArm } from './declaration-schema.ts'
import { badInput, show } from './mistake.ts'
import { isRecord } from './sweep.ts'

/**
 * Checks what one field says of another: names that exist, and none twice.
 *
 * @throws DsdError `bad-input` naming the path of the first mistake and its cure.
 */
export function checkNames({ arms, baseline, models, seeds, tasks }: Experiment): void {
  const names = Object.keys(arms)
  if (names.length === 0) throw badInput('arms', 'there is no arm', 'declare at least one')
  if (!names.includes(baseline)) {
    throw badInput('baseline', `no arm is called ${show(baseline)}`, suggestName(baseline, names))
  }
  for (const [index, { name }] of tasks.entries()) {
    if (tasks.findIndex((task) => task.name === name) === index) continue
    throw badInput(`tasks[${index}].name`, `${name} is given twice`, 'give every task once, with a larger limit')
  }
  if (isRecord(models.draft) && (models.draft.minNgram ?? 1) > (models.draft.ngram ?? 3)) {
    throw badInput('models.draft.minNgram', 'is above ngram', 'choose a value from 1 to ngram')
  }
  const twice = seeds?.find((seed, index) => seeds.indexOf(seed) < index)
  if (twice !== undefined) throw badInput('seeds', `${twice} is given twice`, 'give every seed once')
  for (const [name, arm] of Object.entries(arms)) checkArm({ name, arm, arms, hasDraft: models.draft !== undefined })
}

function checkArm({
  name,
  arm,
  arms,
  hasDraft,
}: {
  readonly name: string
  readonly arm: ExperimentArm
  readonly arms: Experiment['arms']
  readonly hasDraft: boolean
}): void {
  const where = `arms.${name}`
  if (!/^[A-Za-z][A-Za-z0-9_-]*$/.test(name)) {
    throw badInput(where, 'the name is not a word', 'use letters, digits, - and _, with a letter first')
  }
  if (arm.decode === 'autoregressive') return
  if (!hasDraft) throw badInput('models.draft', `is missing, and ${where} drafts`, "name one, e.g. 'bundled:lab-draft'")
  const copied = arm.accept.matchRateOf
  if (copied === undefined) return
  const others = Object.keys(arms).filter((other) => other !== name)
  if (typeof copied !== 'string' || !others.includes(copied)) {
    const fix = typeof copied === 'string' ? suggestName(copied, others) : `choose one of ${others.join(', ')}`
    throw badInput(`${where}.accept.matchRateOf`, `no other arm is called ${show(copied)}`, fix)
  }
  const model = arms[copied]
  if (model?.decode !== 'speculative' || model.accept.matchRateOf !== undefined) {
    throw badInput(`${where}.accept.matchRateOf`, `${copied} has no rate of its own`, 'name an arm with a relaxed rule')
  }
}
