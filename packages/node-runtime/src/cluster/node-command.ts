import { createRequire } from 'node:module'
import { extname } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** Source or built: the command has the extension of this file. */
const extension = extname(new URL(import.meta.url).pathname)
const command = fileURLToPath(new URL(`../cli/dsd-node${extension}`, import.meta.url))

/**
 * MB that Node may fill with young objects before it collects them, instead of 16: a shard's numbers lie outside its heap, and each
 * process is 45 MB smaller.
 */
const YOUNG_MB = 2
const YOUNG = '--max-semi-space-size'

/**
 * Arguments of Node that run `dsd-node` the way this process runs: options such as a TypeScript loader carry over, a
 * debugger's do not. Where something else than an option loads TypeScript here (a test runner), tsx does it there.
 */
export function nodeCommand(): string[] {
  const options = process.execArgv.filter((option) => !option.startsWith('--inspect'))
  if (!options.some((option) => option.startsWith(YOUNG))) options.push(`${YOUNG}=${YOUNG_MB}`)
  const loads = options.some((option) => option.includes('tsx'))
  return extension === '.ts' && !loads ? [...options, '--import', tsx(), command] : [...options, command]
}

function tsx(): string {
  return pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
}
