import { register } from 'node:module'

/**
 * Imports a file of the user, and the TypeScript files beside it that it imports, as ES modules whatever the package.json above them
 * says. As CommonJS a file would get copies of the lab's packages, and a rule registered in a copy is not known here.
 *
 * @param url file URL
 */
export async function importAsModule(url: string): Promise<unknown> {
  register(`data:text/javascript,${encodeURIComponent(HOOKS)}`, { data: { folder: new URL('.', url).href } })
  return import(url)
}

// Runs in Node's loader thread, where it asks the loaders that were registered before it.
const HOOKS = `
let folder
export function initialize(data) { folder = data.folder }
export async function resolve(specifier, context, next) {
  const found = await next(specifier, context)
  const isOwn = found.url.startsWith(folder) && !found.url.slice(folder.length).includes('node_modules/')
  return isOwn && /\\.tsx?(\\?|$)/.test(found.url) ? { ...found, format: 'module' } : found
}
`
