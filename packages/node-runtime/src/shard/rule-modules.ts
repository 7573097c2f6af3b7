import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { DsdError } from '@dsd-lab/core'

/** File URL of a module given as a path (relative to the working folder) or as a file URL. */
export function moduleUrl(module: string): string {
  return module.startsWith('file:') ? module : pathToFileURL(resolve(module)).href
}

/**
 * Imports a module that registers acceptance rules.
 *
 * @throws DsdError `bad-input` naming the module when it cannot be loaded.
 */
export async function importRules(module: string): Promise<void> {
  try {
    await import(moduleUrl(module))
  } catch (cause) {
    const [what] = (cause instanceof Error ? cause.message : String(cause)).split('\n')
    throw new DsdError(`the module cannot be loaded (${what})`, {
      kind: 'bad-input',
      where: module,
      fix: 'give a module that registers its rules when imported',
      cause,
    })
  }
}
