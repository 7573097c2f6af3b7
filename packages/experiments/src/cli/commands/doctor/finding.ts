import { access, constants, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/** One thing that the lab can use. */
export interface Finding {
  readonly what: string
  readonly present: boolean
  readonly detail: string
  /** What it would give, when it is missing. */
  readonly gives: string
}

/** Whether things can be kept there: the folder, or the nearest one above it, takes new files. */
export async function writable(what: string, folder: string, gives: string): Promise<Finding> {
  let place = folder
  while ((await stat(place).catch(() => undefined)) === undefined && dirname(place) !== place) place = dirname(place)
  const present = await access(place, constants.W_OK).then(
    async () => (await stat(place)).isDirectory(),
    () => false,
  )
  return { what, present, detail: present ? folder : `${place} cannot be written`, gives }
}
