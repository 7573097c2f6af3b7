import { fileURLToPath } from 'node:url'

const file = (relative: string): string => fileURLToPath(new URL(`../../${relative}`, import.meta.url))

/** The notebooks that ship: what draws a page unless a notebook of the run's folder was asked for. */
export const shippedNotebooks = {
  overview: file('notebooks/overview.html'),
  run: file('notebooks/run.html'),
  whatIf: file('notebooks/what-if.html'),
  claims: file('notebooks/claims.html'),
} as const

/** What every notebook is set in. */
export const pageTemplate: string = file('notebooks/template.html')
export const notebookRuntime: string = file('src/page/notebook-runtime.ts')
export const notebookTheme: string = file('src/style/theme.css')
export const bundleCacheFolder: string = file('node_modules/.cache/dsd-report')
export const kitRuntimeFolder: string = fileURLToPath(
  new URL('.', import.meta.resolve('@observablehq/notebook-kit/runtime')),
)
export const uncoloured: string = file('src/page/uncoloured.ts')
