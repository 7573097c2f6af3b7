import { DsdError } from '@dsd-lab/core'
import { checkLive } from './check-live.ts'
import { checkNames } from './check-names.ts'
import { declarationSchema, type Experiment } from './declaration-schema.ts'
import { badInput, decodeMistake, show } from './mistake.ts'
import { isRecord } from './sweep.ts'

export type { Experiment, ExperimentArm } from './declaration-schema.ts'

/**
 * Checks a declaration from anywhere: a file's default export, a JSON document.
 *
 * @throws DsdError `bad-input` naming the path of the first mistake and its cure.
 */
export function checkDeclaration(value: unknown): Experiment {
  if (!isRecord(value)) {
    throw new DsdError(`${show(value)} is not an experiment`, {
      kind: 'bad-input',
      fix: 'export default experiment({ ... })',
    })
  }
  const result = declarationSchema.safeParse(value)
  if (!result.success) {
    const mistakes = result.error.issues.map(({ path, message }) => ({ path, ...decodeMistake(message) }))
    const told = mistakes.find(({ isUnknownField }) => isUnknownField) ?? mistakes[0]
    throw badInput(pathText(told?.path ?? []), told?.message ?? 'is wrong', told?.fix)
  }
  checkNames(result.data)
  checkLive(result.data)
  return result.data
}

/** `tasks[0].limit`; places inside a sweep are left out. */
function pathText(path: readonly PropertyKey[]): string {
  let text = ''
  for (const [index, step] of path.entries()) {
    if (step === 'sweep' || path[index - 1] === 'sweep') continue
    text += typeof step === 'number' ? `[${step}]` : `${text === '' ? '' : '.'}${String(step)}`
  }
  return text
}
