import type { PythonLimits } from './judge-process.ts'

/** Generous in time, so that a busy machine changes no verdict. */
export const DEFAULT_LIMITS: PythonLimits = {
  wallMs: 20_000,
  cpuSeconds: 6,
  memoryMb: 1024,
  fileMb: 1,
  processes: 16,
  isolate: true,
  guard: true,
}
