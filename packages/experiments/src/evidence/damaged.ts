import { DsdError } from '@dsd-lab/core'

/** Evidence that is not what its index says, or that cannot be read. `where` is a path below the folder of evidence. */
export function damaged(where: string, message: string, cause?: unknown): DsdError {
  return new DsdError(message, {
    kind: 'environment',
    where: `evidence/${where}`,
    fix: 'restore it from version control, or make it anew with exp run and exp evidence add',
    ...(cause === undefined ? {} : { cause }),
  })
}
