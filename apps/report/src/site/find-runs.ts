import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { DsdError } from '@dsd-lab/core'

/** Run folders among the paths given: each is one, or holds some. */
export async function findRunFolders(paths: readonly string[]): Promise<string[]> {
  const found = new Set<string>()
  for (const path of paths.map((given) => resolve(given))) {
    if (isRun(path)) found.add(path)
    else for (const run of await runsIn(path)) found.add(run)
  }
  if (found.size > 0) return [...found]
  throw new DsdError('no run folder here', {
    kind: 'bad-input',
    where: paths.join(', '),
    fix: 'make one with `exp run ablation-adaptive.ts`',
  })
}

const isRun = (path: string): boolean => existsSync(join(path, 'manifest.json'))

async function runsIn(path: string): Promise<string[]> {
  const names = await readdir(path).catch((cause: unknown) => {
    throw new DsdError('cannot be read', {
      kind: 'bad-input',
      where: path,
      fix: 'name a run folder or a folder of run folders',
      cause,
    })
  })
  return names
    .sort()
    .map((name) => join(path, name))
    .filter(isRun)
}
