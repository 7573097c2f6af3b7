import { basename, extname } from 'node:path'

/** Lower case, with `filler` in place of every run of what is no letter, digit, dot, underscore or hyphen. */
export function slug(text: string, filler: '_' | '-' = '_'): string {
  return text.toLowerCase().replace(/[^a-z0-9._-]+/g, filler)
}

/** The name of a file without folder and ending, as the beginning of the name of a folder; `otherwise` where nothing of it is left. */
export function fileSlug(file: string, otherwise: string): string {
  const stem = slug(basename(file, extname(file)), '-').replace(/^[^a-z0-9]+/, '')
  return stem === '' ? otherwise : stem
}
