import { availableParallelism, loadavg } from 'node:os'

/** How busy the machine was over the last 1, 5 and 15 minutes, which every number of a bench stands under. */
export function machineLoad(): string {
  const minutes = loadavg().map((load) => load.toFixed(1))
  return `load of the machine: ${minutes.join(', ')} on ${availableParallelism()} cores`
}
