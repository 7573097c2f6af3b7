import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { type JudgedClaim, judgedClaimSchema } from '@dsd-lab/experiments/schema-claims'
import type { ClaimsPage, OverviewPage, RunPage, WhatIfPage } from '../page-data.ts'
import { type RunRecord, readRunFolder } from '../run/run-folder.ts'
import { makeRunEntry, makeRunPage, makeWhatIfPage } from '../run/run-page.ts'
import type { NotebookBundle } from './bundle-cache.ts'
import { findRunFolders } from './find-runs.ts'
import { bundleNotebook } from './notebook-bundle.ts'
import { shippedNotebooks } from './notebook-files.ts'
import { pageHtml } from './page-html.ts'
import { isCurrent, type PageStamp, pageKey, sourceKey } from './page-key.ts'
import { copyRunFiles } from './run-files.ts'

export interface ReportRequest {
  /** Run folders, or folders of run folders. */
  readonly runs: readonly string[]
  /** Folder of the site. Made when missing; files of an earlier report in it are replaced. */
  readonly outDir: string
  /** Claims as `exp claims --json` prints them; they get a page of their own. Default: the page of an earlier report stays. */
  readonly claims?: readonly JudgedClaim[]
  /**
   * Draw a run whose folder holds a `notebook.html` by that notebook. It is code: it runs when it is bundled and when its page opens,
   * so ask for it only where whoever made the folder is trusted. Default false.
   */
  readonly notebooks?: boolean
}

export interface Report {
  /** Path of the overview. */
  readonly index: string
  /** Paths of the pages, one for each finished run, in the order of the overview. */
  readonly pages: readonly string[]
  /** Paths of the notebooks of run folders that were not used, since none were asked for. */
  readonly leftOut: readonly string[]
}

/**
 * Builds the notebook site: an overview and a page for each finished run. The site opens from disk and needs no network.
 *
 * Pages are drawn by the notebooks that ship; those of run folders are left out unless `notebooks` asks for them.
 *
 * @throws DsdError where there is no run, a file does not fit the run schema, or a notebook does not build.
 */
export async function buildReport({ runs, outDir, claims, notebooks = false }: ReportRequest): Promise<Report> {
  const site = resolve(outDir)
  const folders = await findRunFolders(runs)
  const records = await Promise.all(folders.map(readRunFolder))
  records.sort((a, b) => b.manifest.createdAt.localeCompare(a.manifest.createdAt))
  await mkdir(join(site, 'assets'), { recursive: true })
  const pages: string[] = []
  const leftOut: string[] = []
  const code = await sourceKey()
  for (const record of records) {
    if (record.summary === null) continue
    const own = ownNotebook(record)
    if (own !== undefined && !notebooks) leftOut.push(own)
    const notebook = (notebooks ? own : undefined) ?? shippedNotebooks.run
    pages.push(await writeRunPage({ site, record, code, notebook }))
  }
  if (claims !== undefined) await writeClaimsPage({ site, claims, pages })
  const hasClaims = existsSync(join(site, `${CLAIMS}.html`))
  const overview: OverviewPage = { runs: records.map(makeRunEntry), claims: hasClaims ? `${CLAIMS}.html` : null }
  const index = await writePage(site, {
    name: 'index',
    title: 'Runs',
    assets: assetsOf(shippedNotebooks.overview, 'index'),
    bundle: await bundleNotebook(shippedNotebooks.overview),
    data: overview,
  })
  return { index, pages, leftOut }
}

function ownNotebook({ folder }: RunRecord): string | undefined {
  const path = join(folder, 'notebook.html')
  return existsSync(path) ? path : undefined
}

const CLAIMS = 'claims'

async function writeClaimsPage({
  site,
  claims,
  pages,
}: {
  readonly site: string
  readonly claims: readonly JudgedClaim[]
  /** Of the runs of this report. */
  readonly pages: readonly string[]
}): Promise<void> {
  const data: ClaimsPage = {
    claims: claims.map((claim) => judgedClaimSchema.parse(claim)),
    pages: Object.fromEntries(pages.map((page) => [basename(page, '.html'), basename(page)])),
  }
  await writePage(site, {
    name: CLAIMS,
    title: 'Claims',
    assets: assetsOf(shippedNotebooks.claims, CLAIMS),
    bundle: await bundleNotebook(shippedNotebooks.claims),
    data,
  })
}

interface RunPageRequest {
  readonly site: string
  readonly record: RunRecord
  /** Of `sourceKey`. */
  readonly code: string
  /** Path of the notebook that draws the page. */
  readonly notebook: string
}

/** Reading traces is most of the work of a page, so one that would come out the same is left as it is. */
async function writeRunPage({ site, record, code, notebook }: RunPageRequest): Promise<string> {
  const { runId, title } = record.manifest
  const bundle = await bundleNotebook(notebook)
  const whatIfBundle = await bundleNotebook(shippedNotebooks.whatIf)
  const key = pageKey({ record, bundles: [bundle, whatIfBundle], code })
  const path = join(site, `${runId}.html`)
  if (await isCurrent({ path, key })) return path
  const assets = assetsOf(notebook, runId)
  const needs = filesOf(assets)
  const whatIf = await makeWhatIfPage(record)
  if (whatIf !== undefined) needs.push(...(await writeWhatIfPage({ site, data: whatIf, bundle: whatIfBundle })))
  const page = await makeRunPage(record, { whatIf: whatIf === undefined ? null : `${whatIfName(runId)}.html` })
  const copied = await copyRunFiles({ from: record.folder, to: join(site, page.data), page })
  needs.push(...copied.map((file) => `${page.data}/${file}`))
  return writePage(site, { name: runId, title, assets, bundle, stamp: { key, needs }, data: page })
}

const whatIfName = (runId: string): string => `${runId}.what-if`

interface WhatIfRequest {
  readonly site: string
  readonly data: WhatIfPage
  readonly bundle: NotebookBundle
}

/** Returns the files of the page, relative to the site. */
async function writeWhatIfPage({ site, data, bundle }: WhatIfRequest): Promise<string[]> {
  const name = whatIfName(data.runId)
  const assets = assetsOf(shippedNotebooks.whatIf, data.runId)
  await writePage(site, { name, title: `What if: ${data.title}`, assets, bundle, data })
  return [`${name}.html`, ...filesOf(assets)]
}

const filesOf = (assets: string): string[] => [`${assets}.js`, `${assets}.css`]

const assetsOf = (notebook: string, name: string): string =>
  `assets/${Object.values<string>(shippedNotebooks).includes(notebook) ? basename(notebook, '.html') : name}`

interface Page {
  /** File name without its ending. */
  readonly name: string
  readonly title: string
  /** Path of script and style without their endings, relative to the page. */
  readonly assets: string
  readonly bundle: NotebookBundle
  /** What the page was made from; absent: it is made every time. */
  readonly stamp?: PageStamp
  readonly data: RunPage | OverviewPage | ClaimsPage | WhatIfPage
}

async function writePage(site: string, { name, title, assets, bundle, stamp, data }: Page): Promise<string> {
  const path = join(site, `${name}.html`)
  await Promise.all([
    writeFile(join(site, `${assets}.js`), bundle.script),
    writeFile(join(site, `${assets}.css`), bundle.style),
  ])
  // Last, since its stamp says that all the rest is there.
  await writeFile(path, pageHtml({ html: bundle.html, assets, title, stamp, data }))
  return path
}
