import { DsdError } from '@dsd-lab/core'

/**
 * The one whose id is the name, else the only one whose id begins so; undefined when none does.
 *
 * @throws DsdError `bad-input` when several begin so.
 */
export function chosenByName<T>({
  name,
  among,
  idOf,
  where,
  what = 'runs',
}: {
  readonly name: string
  readonly among: readonly T[]
  readonly idOf: (one: T) => string
  /** What was looked through. */
  readonly where: string
  /** What they are, for the error. */
  readonly what?: string
}): T | undefined {
  const exact = among.find((one) => idOf(one) === name)
  if (exact !== undefined) return exact
  const matches = among.filter((one) => idOf(one).startsWith(name))
  const [first, second] = matches
  if (second === undefined) return first
  throw new DsdError(`several ${what} begin with ${name}`, {
    kind: 'bad-input',
    where,
    fix: `choose one of ${matches.map(idOf).join(', ')}`,
  })
}
