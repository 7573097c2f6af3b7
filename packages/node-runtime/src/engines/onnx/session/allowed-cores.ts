import { readFileSync } from 'node:fs'

/** Numbers of the cores that this process may run on, ascending; empty where the system does not tell (all but Linux). */
export function allowedCores(): readonly number[] {
  try {
    return coresOf(readFileSync('/proc/self/status', 'utf8'))
  } catch {
    return []
  }
}

/** @param status text of `/proc/PID/status` */
export function coresOf(status: string): readonly number[] {
  const list = /^Cpus_allowed_list:\s*([\d,-]+)$/m.exec(status)?.[1]
  if (list === undefined) return []
  return list.split(',').flatMap((range) => {
    const [first = Number.NaN, last = first] = range.split('-').map(Number)
    return first <= last ? Array.from({ length: last - first + 1 }, (_, i) => first + i) : []
  })
}
