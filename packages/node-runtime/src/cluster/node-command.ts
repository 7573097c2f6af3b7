import { createRequire } from 'node:module'
import { extname } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** Source or built: the command has the extension of this file. */
const extension = extname(new URL(import.meta.url).pathname)
const command = fileURLToPath(new URL(`../cli/dsd-node${extension}`, import.meta.url))

/**
 * Arguments of Node that run `dsd-node` the way this process runs: options such as a TypeScript loader carry over, a
 * debugger's do not. Where something else than an option loads TypeScript here (a test runner), tsx does it there.
 */
export function nodeCommand(): string[] {
  const options = process.execArgv.filter((option) => !option.startsWith('--inspect'))
  const loads = options.some((option) => option.includes('tsx'))
  return extension === '.ts' && !loads ? [...options, '--import', tsx(), command] : [...options, command]
}

function tsx(): string {
  return pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
}
