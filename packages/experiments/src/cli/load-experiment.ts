import { basename } from 'node:path'
import { pathToFileURL } from 'node:url'
import { DsdError, suggestName } from '@dsd-lab/core'
import { importAsModule } from '@dsd-lab/node-runtime'
import { checkDeclaration, type Experiment } from '../dsl/check.ts'
import { isRecord } from '../dsl/sweep.ts'
import { codeOf } from '../store/storage-error.ts'

/**
 * Imports an experiment file and checks its default export. Rules that it registers are known afterwards.
 *
 * @throws DsdError `bad-input` naming the file and its first mistake.
 */
export async function loadExperiment(file: string): Promise<Experiment> {
  await readTypeScript(file)
  const module: unknown = await importFile(file)
  const declared = isRecord(module) ? module.default : undefined
  if (declared === undefined) {
    throw new DsdError('has no default export', {
      kind: 'bad-input',
      where: basename(file),
      fix: 'write export default experiment({ ... })',
    })
  }
  return checkDeclaration(declared)
}

/** From source everything already runs through tsx; the built command registers it for a file that needs it. */
async function readTypeScript(file: string): Promise<void> {
  if (import.meta.url.endsWith('.ts') || !/\.[cm]?tsx?$/.test(file)) return
  const { register } = await import('tsx/esm/api')
  register()
}

async function importFile(file: string): Promise<unknown> {
  try {
    return await importAsModule(pathToFileURL(file).href)
  } catch (error) {
    if (error instanceof DsdError) throw error
    const [message, fix] = await explain(error)
    throw new DsdError(message, { kind: 'bad-input', where: basename(file), fix, cause: error })
  }
}

async function explain(error: unknown): Promise<[message: string, fix: string]> {
  const text = error instanceof Error ? error.message : String(error)
  if (codeOf(error) === 'ERR_MODULE_NOT_FOUND') {
    const missing = /'([^']+)'/.exec(text)?.[1] ?? 'a module'
    return [`cannot find ${missing}`, `check the import, or install it where the file is`]
  }
  const [, name] = /'@dsd-lab\/experiments' does not provide an export named '([^']+)'/.exec(text) ?? []
  if (name !== undefined) {
    const exported = Object.keys(await import('../index.ts'))
    return [`@dsd-lab/experiments has no ${name}`, suggestName(name, exported)]
  }
  const syntax = /^(?:.*?):(\d+):(\d+): ERROR: (.*)$/m.exec(text)
  if (syntax !== null) return [`line ${syntax[1]}, column ${syntax[2]}: ${syntax[3]}`, 'mend the syntax']
  return [text.split('\n')[0] ?? text, 'mend the file']
}
