import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Caches extends Disposable {
  readonly folder: string
  /** Variables that name the empty caches, and nothing of the hub or pip that this machine has set. */
  readonly env: NodeJS.ProcessEnv
}

/** Empty caches for the lab and for the hub. */
export function caches(more: NodeJS.ProcessEnv = {}): Caches {
  const folder = mkdtempSync(join(tmpdir(), 'dsd-caches-'))
  return {
    folder,
    env: {
      PATH: process.env.PATH,
      DSD_CACHE: join(folder, 'dsd'),
      HF_HUB_CACHE: join(folder, 'hub'),
      PIP_CONFIG_FILE: '/dev/null',
      ...more,
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Bytes that no compression makes much smaller, the same on every call. */
export function noise(bytes: number, seed: number): Buffer {
  const content = Buffer.alloc(bytes)
  let state = seed
  for (let at = 0; at < bytes; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    content[at] = state >>> 24
  }
  return content
}
