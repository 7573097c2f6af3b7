import { suggestName } from '@dsd-lab/core'
import { z } from 'zod'
import { encodeMistake, field, mistake, pickedBy, show } from './mistake.ts'
import { isSweep, type Sweep, type Sweepable } from './sweep.ts'

interface Range {
  readonly min: number
  /** Default: no upper end. */
  readonly max?: number
  readonly integer?: boolean
  /** What to do, where "choose a value in the range" says too little. */
  readonly fix?: string
}

/** A number in a range, both ends included. */
export function numberIn({ min, max = Number.POSITIVE_INFINITY, integer = false, fix }: Range): z.ZodType<number> {
  const kind = integer ? 'a whole number' : 'a value'
  const cure =
    fix ?? `choose ${kind} ${max === Number.POSITIVE_INFINITY ? `of at least ${min}` : `in [${min}, ${max}]`}`
  return field((value) => {
    if (typeof value !== 'number' || !Number.isFinite(value)) return mistake(`${show(value)} is not a number`, cure)
    if (value < min) return mistake(`${value} is below ${min}`, cure)
    if (value > max) return mistake(`${value} is above ${max}`, cure)
    if (integer && !Number.isSafeInteger(value)) return mistake(`${value} is not a whole number`, cure)
    return { value }
  })
}

/** A text that is not empty. */
export function text(fix: string): z.ZodType<string> {
  return field((value) =>
    typeof value === 'string' && value.trim() !== '' ? { value } : mistake(`${show(value)} is not a text`, fix),
  )
}

/** One of a few words. */
export function oneOf<const Word extends string>(words: readonly Word[]): z.ZodType<Word> {
  return field((value) => {
    const word = words.find((one) => one === value)
    return word === undefined
      ? mistake(`${show(value)} is not known here`, `choose one of ${words.join(', ')}`)
      : { value: word }
  })
}

/** Yes or no. */
export const flag: z.ZodType<boolean> = field((value) =>
  typeof value === 'boolean' ? { value } : mistake(`${show(value)} is neither true nor false`, 'choose true or false'),
)

/** A value, or a sweep over at least one; every value is checked. */
export function sweepable<T>(leaf: z.ZodType<T>): z.ZodType<Sweepable<T>> {
  const swept: z.ZodType<Sweep<T>> = z
    .object({ sweep: list(leaf, 'give the sweep at least one value') })
    .transform(({ sweep }) => ({ sweep }))
  return pickedBy<Sweepable<T>>((value) => (isSweep(value) ? swept : leaf))
}

/** A list with at least one element. */
export function list<T>(element: z.ZodType<T>, fix: string): z.ZodType<readonly [T, ...T[]]> {
  return z
    .array(element, { error: (issue) => encodeMistake(mistake(`${show(issue.input)} is not a list`, fix)) })
    .transform((elements, context): readonly [T, ...T[]] => {
      const [first, ...rest] = elements
      if (first !== undefined) return [first, ...rest]
      context.issues.push({ code: 'custom', input: elements, message: encodeMistake(mistake('is empty', fix)) })
      return z.NEVER
    })
}

/** An object with these fields and no others; a field of another name is answered with the nearest one. */
export function fields<Shape extends z.core.$ZodShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  const known = Object.keys(shape)
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code === 'unrecognized_keys') {
        const [unknown = ''] = issue.keys ?? []
        return encodeMistake({
          message: `there is no field ${show(unknown)}`,
          fix: suggestName(unknown, known),
          isUnknownField: true,
        })
      }
      const found = issue.input === undefined ? 'is missing' : `${show(issue.input)} is not an object`
      return encodeMistake(mistake(found, `give { ${known.join(', ')} }`))
    },
  })
}
