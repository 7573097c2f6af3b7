import { basename, dirname } from 'node:path'
import { DsdError } from '@dsd-lab/core'
import type { Rolldown } from 'vite'
import { type NotebookBundle, readCachedBundle, writeCachedBundle } from './bundle-cache.ts'
import { localImports } from './local-imports.ts'
import { kitRuntimeFolder, notebookRuntime, notebookTheme, pageTemplate, uncoloured } from './notebook-files.ts'

/**
 * Builds a notebook with Observable Notebook Kit, or takes it from the cache when neither it nor anything it imports has changed.
 *
 * Browsers refuse module scripts over `file://`, so the modules are bundled into one classic script.
 *
 * @throws DsdError when a cell does not parse, or imports what is not installed or not local.
 */
export async function bundleNotebook(notebook: string): Promise<NotebookBundle> {
  const cached = await readCachedBundle(notebook)
  if (cached !== undefined) return cached
  const inputs = new Set([notebook, pageTemplate, notebookTheme])
  const output = await buildNotebook(notebook, inputs)
  const bundle = { html: '', script: '', style: '' }
  for (const file of output) {
    if (file.type === 'chunk') bundle.script += file.code
    else if (file.fileName.endsWith('.css')) bundle.style += file.source
    else if (file.fileName.endsWith('.html')) bundle.html = withoutModuleTags(String(file.source))
  }
  await writeCachedBundle({ notebook, bundle, inputs: [...inputs] })
  return bundle
}

type OutputFile = Rolldown.OutputChunk | Rolldown.OutputAsset

async function buildNotebook(notebook: string, inputs: Set<string>): Promise<OutputFile[]> {
  // Vite and the kit take a second to load: only a changed notebook pays for them.
  const [{ build }, { observable }] = await Promise.all([import('vite'), import('@observablehq/notebook-kit/vite')])
  try {
    const built = await build({
      configFile: false,
      root: dirname(notebook),
      base: './',
      logLevel: 'silent',
      resolve: {
        alias: [
          { find: /^observable:runtime$/, replacement: notebookRuntime },
          { find: /^observable:styles\/theme-.*$/, replacement: notebookTheme },
          // Code in markdown is coloured when the page is built; four parsers in every page would be dear.
          { find: /^\.\/highlight\.js$/, replacement: uncoloured },
          { find: /^virtual:notebook-kit\//, replacement: kitRuntimeFolder },
        ],
      },
      plugins: [localImports({ onInput: (file) => inputs.add(file) }), observable({ template: pageTemplate })],
      build: {
        write: false,
        modulePreload: false,
        cssCodeSplit: false,
        cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
        assetsInlineLimit: Number.POSITIVE_INFINITY,
        target: 'es2022',
        rolldownOptions: { input: notebook, output: { format: 'iife', codeSplitting: false } },
      },
    })
    return [built].flat().flatMap((result) => ('output' in result ? result.output : []))
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    throw new DsdError(`the notebook does not build: ${firstLines(message)}`, {
      kind: 'bad-input',
      where: basename(notebook),
      fix: 'mend the cell and build the report again',
      cause,
    })
  }
}

/** The page loads its script and style itself, by paths that depend on where it lies. */
function withoutModuleTags(html: string): string {
  return html
    .replaceAll(/<script type="module"[^>]*src="[^"]*"[^>]*><\/script>/g, '')
    .replaceAll(/<link rel="stylesheet"[^>]*>/g, '')
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: bundlers colour their messages with escape codes.
const colours = /\u001b\[[0-9;]*m/g
const firstLines = (message: string): string =>
  message
    .replaceAll(colours, '')
    .replace(/^Build failed with \d+ errors?:/, '')
    .replace(/\[plugin [^\]]*\]\s*(?:\w*Error:)?/, '')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .slice(0, 3)
    .join(' ')
