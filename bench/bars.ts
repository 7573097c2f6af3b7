/** A claim, what was measured, and what it may be. */
export interface Bar {
  readonly name: string
  /** NaN, as of nothing measured, misses every bound. */
  readonly measured: number
  readonly bound: number
  readonly direction: 'at most' | 'at least'
  /** Default: as it is for the bound, two digits for what was measured. */
  format?(value: number): string
}

export function isMet({ measured, bound, direction }: Bar): boolean {
  return direction === 'at most' ? measured <= bound : measured >= bound
}

/** Prints a line for each bar; returns how many are missed. */
export function printBars(bars: readonly Bar[]): number {
  const widest = Math.max(0, ...bars.map(({ name }) => name.length))
  for (const bar of bars) {
    const { name, measured, bound, direction, format } = bar
    const [value, limit] = format === undefined ? [measured.toFixed(2), `${bound}`] : [measured, bound].map(format)
    console.log(`${isMet(bar) ? 'met   ' : 'MISSED'} ${name.padEnd(widest)}  ${value} (${direction} ${limit})`)
  }
  return bars.filter((bar) => !isMet(bar)).length
}
