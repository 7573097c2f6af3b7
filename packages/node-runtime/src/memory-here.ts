import { totalmem } from 'node:os'

/** Bytes of memory of this machine, or what the container that this runs in is allowed. */
export function memoryHere(): number {
  const limit = process.constrainedMemory()
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem()
}
