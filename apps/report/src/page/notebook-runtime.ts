import '../style/fonts.css'
import '../style/page.css'
import '../style/overview.css'
import '../style/claims.css'
import '../style/run.css'
import '../style/figure.css'
import '../style/table.css'
import '../style/legend.css'
import '../style/tokens.css'
import '../style/what-if.css'
import '../style/print.css'
import { define as defineCell } from 'virtual:notebook-kit/define.js'
import { dark, width } from 'virtual:notebook-kit/stdlib/generators/index.js'
import { md } from 'virtual:notebook-kit/stdlib/md.js'
import type { DefineState, Definition } from '@observablehq/notebook-kit/runtime'
import * as Plot from '@observablehq/plot'
import { Runtime } from '@observablehq/runtime'
import { html, svg } from 'htl'
import { listContents } from './contents.ts'
import { offerThemes } from './theme.ts'

/**
 * What a cell may use without importing it. Notebook Kit's own library takes most of it from a CDN; here it comes from the lock
 * file, and anything else a cell needs is imported by its bare name.
 */
const library = {
  Plot: () => Plot,
  html: () => html,
  svg: () => svg,
  md: () => md,
  width: () => width(document.querySelector('main') ?? document.body),
  dark: () => dark(),
}

const main = new Runtime(library).module()

/** Runs one cell of the notebook; the page that Notebook Kit writes calls it for each. */
export function define(state: DefineState, definition: Definition): void {
  defineCell(main, state, definition)
}

offerThemes()
listContents()
