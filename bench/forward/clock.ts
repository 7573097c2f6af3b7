/** What a duration means: time that passed, or time that the processor worked for this process (on all its threads). */
export const CLOCKS = ['wall', 'cpu'] as const
export type ClockName = (typeof CLOCKS)[number]

/** Milliseconds so far. The `cpu` one compares on a machine that others keep busy. */
export function readClock(clock: ClockName): number {
  if (clock === 'wall') return performance.now()
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
