import { DsdError } from '@dsd-lab/core'
import { z } from 'zod'
import { isRecord } from './sweep.ts'

/** What is wrong with a value, and its cure. */
export interface Mistake {
  readonly message: string
  /** An imperative sentence without a full stop. */
  readonly fix: string
  /** True: a field that does not exist. It is told before all others: a misspelt field is also one that is missing. */
  readonly isUnknownField?: boolean
}

export function mistake(message: string, fix: string): Mistake {
  return { message, fix }
}

/** A check in one function: the value, or what is wrong with it. A missing field is `undefined`. */
export function field<T>(check: (value: unknown) => { readonly value: T } | Mistake): z.ZodType<T> {
  return z.unknown().transform((value, context): T => {
    const result = check(value)
    if ('value' in result) return result.value
    context.issues.push({
      code: 'custom',
      input: value,
      message: encodeMistake(value === undefined ? mistake('is missing', result.fix) : result),
    })
    return z.NEVER
  })
}

/** Checks a value with the schema that it picks itself. */
export function pickedBy<T>(pick: (value: unknown) => z.ZodType<T> | Mistake): z.ZodType<T> {
  return z.unknown().transform((value, context): T => {
    const picked = pick(value)
    if (!('safeParse' in picked)) {
      context.issues.push({ code: 'custom', input: value, message: encodeMistake(picked) })
      return z.NEVER
    }
    const result = picked.safeParse(value)
    if (result.success) return result.data
    for (const { path, message } of result.error.issues) {
      context.issues.push({ code: 'custom', input: value, path: [...path], message })
    }
    return z.NEVER
  })
}

/** One text for a mistake, as an issue holds only one. */
export function encodeMistake({ message, fix, isUnknownField = false }: Mistake): string {
  return [message, fix, ...(isUnknownField ? [UNKNOWN_FIELD] : [])].join(SEPARATOR)
}

export interface DecodedMistake {
  readonly message: string
  readonly fix: string | undefined
  readonly isUnknownField: boolean
}

export function decodeMistake(text: string): DecodedMistake {
  const [message = '', fix, kind] = text.split(SEPARATOR)
  return { message, fix, isUnknownField: kind === UNKNOWN_FIELD }
}

// No text that a user can see holds it.
const SEPARATOR = '\u0000'
const UNKNOWN_FIELD = 'unknown field'

/** A value as it is shown in an error line. */
export function show(value: unknown): string {
  if (typeof value === 'string') return `"${value}"`
  if (Array.isArray(value)) return 'a list'
  return isRecord(value) ? 'an object' : String(value)
}

/** A mistake as the error that a command prints; `where` is its path in the declaration. */
export function badInput(where: string, message: string, fix: string | undefined): DsdError {
  return new DsdError(message, {
    kind: 'bad-input',
    ...(where === '' ? {} : { where }),
    ...(fix === undefined ? {} : { fix }),
  })
}
