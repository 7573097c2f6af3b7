/** Weight of the newest place in the moving average. */
const NEWEST = 1 / 8

/** Moving average of agreement over the places before `at`, 1 at the beginning of an answer. */
export function agreementBefore(agrees: readonly boolean[], at: number): number {
  return agrees.slice(0, at).reduce((average, agree) => average + NEWEST * ((agree ? 1 : 0) - average), 1)
}

/** Values with five significant digits: as exact as a signal has to be, and short on disk. */
export function rounded<Values extends Readonly<Record<string, number>>>(values: Values): Values {
  return Object.assign(
    {},
    values,
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, round(value)])),
  )
}

/** Share of `own` that is neither in the common beginning nor in the common end of both texts; 0 where it is empty. */
export function shareRewritten(own: readonly number[], other: readonly number[]): number {
  if (own.length === 0) return 0
  const shorter = Math.min(own.length, other.length)
  let head = 0
  while (head < shorter && own[head] === other[head]) head++
  let tail = 0
  while (tail < shorter - head && own[own.length - 1 - tail] === other[other.length - 1 - tail]) tail++
  return round(1 - (head + tail) / own.length)
}

function round(value: number): number {
  return Number(value.toPrecision(5))
}
