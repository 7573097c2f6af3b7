import { DsdError, unknownKey } from '@dsd-lab/core'
import { z } from 'zod'
import { nearest } from './nearest.ts'

export interface ParameterProblem {
  readonly rule: string
  readonly shape: z.core.$ZodLooseShape
  readonly error: z.core.$ZodError
  readonly given: unknown
}

/** The first problem of a rule's parameters as one line: where, what, and the range that the parameter describes. */
export function parameterError({ rule, shape, error, given }: ParameterProblem): DsdError {
  const unknown = unknownKey(error)
  if (unknown !== undefined) {
    const known = nearest(unknown, Object.keys(shape))
    return badInput(
      `${rule}.${unknown}`,
      'unknown parameter',
      known ? `use ${known}` : 'leave it out, the rule has none',
    )
  }
  const [issue] = error.issues
  const path = issue?.path.map(String) ?? []
  const described = shape[path[0] ?? '']
  const range = described instanceof z.ZodType ? described.description : undefined
  const value = path.reduce<unknown>((inner, key) => (isRecord(inner) ? inner[key] : undefined), given)
  const what = value === undefined ? 'is missing' : `${JSON.stringify(value)} is not allowed`
  return badInput(
    [rule, ...path].join('.'),
    what,
    range === undefined ? (issue?.message ?? 'see the rule') : `give ${range}`,
  )
}

function badInput(where: string, message: string, fix: string): DsdError {
  return new DsdError(message, { kind: 'bad-input', where, fix })
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
