import { existsSync, readdirSync, statSync } from 'node:fs'
import { basename, extname, isAbsolute, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DsdError, nearestName } from '@dsd-lab/core'

/** Where the experiments that ship are kept, beside `src` and `dist`. */
export const catalogFolder = fileURLToPath(new URL('../../catalog/', import.meta.url))

/** Names of the experiments that ship, with `.ts`. */
export function catalogNames(): string[] {
  return readdirSync(catalogFolder)
    .filter((name) => name.endsWith('.ts'))
    .sort()
}

/**
 * The file of an experiment: as given, relative to here or to where the package manager was called; a bare name is also looked up in
 * the catalogue, with or without `.ts`.
 *
 * @throws DsdError `bad-input` when there is no such file.
 */
export function locateExperiment(name: string): string {
  const bases = [process.cwd(), process.env.INIT_CWD].filter((base) => base !== undefined)
  const places = isAbsolute(name) ? [name] : bases.map((base) => resolve(base, name))
  if (basename(name) === name) places.push(join(catalogFolder, name))
  const found = places.flatMap((place) => (extname(place) === '' ? [`${place}.ts`, place] : [place])).find(isFile)
  if (found !== undefined) return found
  const close = nearestName(
    basename(name, '.ts'),
    catalogNames().map((one) => basename(one, '.ts')),
  )
  throw new DsdError('there is no such file, here or in the catalogue', {
    kind: 'bad-input',
    where: name,
    fix:
      close === undefined
        ? `choose one of ${catalogNames().join(', ')}, or write one with exp init`
        : `did you mean ${close}.ts?`,
  })
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile()
}
