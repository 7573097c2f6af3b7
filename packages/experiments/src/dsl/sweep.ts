/** Several values of one setting; every combination of the sweeps of an arm is a variant, of a cluster a condition. */
export interface Sweep<T> {
  readonly sweep: readonly T[]
}

/** One value, or a sweep over several. */
export type Sweepable<T> = T | Sweep<T>

/** The same options with every field open to a sweep. */
export type SweepableOptions<Options> = { readonly [Key in keyof Options]: Sweepable<Options[Key]> }

/** Runs the experiment once for every value, e.g. `nodes: sweep([2, 4, 8])`. At least one value. */
export function sweep<const First, const Rest extends readonly unknown[]>(
  values: readonly [First, ...Rest],
): Sweep<First | Rest[number]> {
  const [first, ...rest] = values
  return { sweep: [first, ...rest] }
}

export function isSweep(value: unknown): value is Sweep<unknown> {
  return isRecord(value) && Object.keys(value).length === 1 && Array.isArray(value.sweep)
}

/** One combination of sweep values. */
export interface Resolved {
  /** The declaration with a plain value wherever a sweep stood. */
  readonly value: unknown
  /** The chosen values by path, in order of appearance: `{ gamma: 4, 'accept.tau': 0.2 }`. */
  readonly parameters: Readonly<Record<string, number | string>>
}

/** Every combination of the sweeps inside a value, the last one varying fastest. A value without sweeps gives itself. */
export function expandSweeps(value: unknown, path = ''): Resolved[] {
  if (isSweep(value)) {
    return value.sweep.map((choice) => ({
      value: choice,
      parameters: {
        [path]: typeof choice === 'number' || typeof choice === 'string' ? choice : JSON.stringify(choice),
      },
    }))
  }
  if (!isRecord(value)) return [{ value, parameters: {} }]
  let partial: { value: Record<string, unknown>; parameters: Record<string, number | string> }[] = [
    { value: {}, parameters: {} },
  ]
  for (const [key, field] of Object.entries(value)) {
    const choices = expandSweeps(field, path === '' ? key : `${path}.${key}`)
    partial = partial.flatMap((before) =>
      choices.map((choice) => ({
        value: { ...before.value, [key]: choice.value },
        parameters: { ...before.parameters, ...choice.parameters },
      })),
    )
  }
  return partial
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
