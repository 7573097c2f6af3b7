import { readFileSync } from 'node:fs'

/** Memory of this process, bytes. */
export interface Resident {
  readonly residentBytes: number
  /** Of them pages of mapped files, which the system takes back when memory runs short; NaN where it does not say. */
  readonly mappedBytes: number
}

export function readResident(): Resident {
  return { residentBytes: process.memoryUsage.rss(), mappedBytes: mappedBytes() }
}

function mappedBytes(): number {
  try {
    const kilobytes = /^RssFile:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
    return Number(kilobytes) * 1024
  } catch {
    return Number.NaN
  }
}
