import { readFileSync } from 'node:fs'
import { DsdError } from '@dsd-lab/core'
import type { z } from 'zod'

export interface InstalledFile<Schema extends z.ZodType> {
  readonly path: string
  readonly schema: Schema
  /** What it should be: `record of measured labels`. */
  readonly what: string
  /** What helps beside a new installation. */
  readonly instead: string
}

/**
 * A JSON file that comes with the package.
 *
 * @throws DsdError `environment` when it is missing or was changed into something else.
 */
export function readInstalled<Schema extends z.ZodType>({
  path,
  schema,
  what,
  instead,
}: InstalledFile<Schema>): z.infer<Schema> {
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch (cause) {
    const fix = `install the package anew, or ${instead}`
    throw new DsdError(`is no ${what}`, { kind: 'environment', where: path, fix, cause })
  }
}
