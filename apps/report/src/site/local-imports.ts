import { isAbsolute } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'

const remote = /^(?:npm|jsr|https?|data):/

/**
 * Keeps a notebook on this machine: imports come from installed packages, wherever the notebook lies, never from a network.
 *
 * @param onInput told every file that the bundle depends on.
 */
export function localImports({ onInput }: { readonly onInput: (file: string) => void }): Plugin {
  const here = fileURLToPath(import.meta.url)
  return {
    name: 'dsd-local-imports',
    enforce: 'pre',
    async resolveId(id, importer) {
      if (remote.test(id) && !id.startsWith('data:')) {
        this.error(`"${id}" would be fetched when the page opens; install the package and import it by its bare name`)
      }
      const bare = /^[@a-z]/i.test(id) && !isAbsolute(id) && !id.includes(':')
      if (!bare || importer === undefined || importer.includes('/node_modules/')) return null
      return (await this.resolve(id, importer, { skipSelf: true })) ?? this.resolve(id, here, { skipSelf: true })
    },
    buildEnd() {
      for (const id of this.getModuleIds()) {
        const file = id.replace(/[?#].*$/, '')
        if (isAbsolute(file)) onInput(file)
      }
    },
  }
}
