import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import type { OverviewPage, RunPage } from '../page-data.ts'
import { type RunRecord, readRunFolder } from '../run/run-folder.ts'
import { makeRunEntry, makeRunPage } from '../run/run-page.ts'
import { findRunFolders } from './find-runs.ts'
import { bundleNotebook } from './notebook-bundle.ts'
import { shippedNotebooks } from './notebook-files.ts'
import { pageHtml } from './page-html.ts'
import { copyRunFiles } from './run-files.ts'

export interface ReportRequest {
  /** Run folders, or folders of run folders. */
  readonly runs: readonly string[]
  /** Folder of the site. Made when missing; files of an earlier report in it are replaced. */
  readonly outDir: string
}

export interface Report {
  /** Path of the overview. */
  readonly index: string
  /** Paths of the pages, one for each finished run, in the order of the overview. */
  readonly pages: readonly string[]
}

/**
 * Builds the notebook site: an overview and a page for each finished run. The site opens from disk and needs no network.
 *
 * A run folder that holds a `notebook.html` is drawn by that notebook instead of the one that ships.
 *
 * @throws DsdError where there is no run, a file does not fit the run schema, or a notebook does not build.
 */
export async function buildReport({ runs, outDir }: ReportRequest): Promise<Report> {
  const site = resolve(outDir)
  const folders = await findRunFolders(runs)
  const records = await Promise.all(folders.map(readRunFolder))
  records.sort((a, b) => b.manifest.createdAt.localeCompare(a.manifest.createdAt))
  await mkdir(join(site, 'assets'), { recursive: true })
  const pages: string[] = []
  for (const record of records) {
    if (record.summary !== null) pages.push(await writeRunPage(site, record))
  }
  const overview: OverviewPage = { runs: records.map(makeRunEntry) }
  const index = await writePage(site, {
    name: 'index',
    title: 'Runs',
    notebook: shippedNotebooks.overview,
    data: overview,
  })
  return { index, pages }
}

async function writeRunPage(site: string, record: RunRecord): Promise<string> {
  const page = await makeRunPage(record)
  await copyRunFiles({ from: record.folder, to: join(site, page.data), page })
  const own = join(record.folder, 'notebook.html')
  const notebook = existsSync(own) ? own : shippedNotebooks.run
  return writePage(site, { name: page.manifest.runId, title: page.manifest.title, notebook, data: page })
}

interface Page {
  /** File name without its ending. */
  readonly name: string
  readonly title: string
  readonly notebook: string
  readonly data: RunPage | OverviewPage
}

async function writePage(site: string, { name, title, notebook, data }: Page): Promise<string> {
  const { html, script, style } = await bundleNotebook(notebook)
  const shipped = Object.values<string>(shippedNotebooks).includes(notebook)
  const assets = `assets/${shipped ? basename(notebook, '.html') : name}`
  const path = join(site, `${name}.html`)
  await Promise.all([
    writeFile(join(site, `${assets}.js`), script),
    writeFile(join(site, `${assets}.css`), style),
    writeFile(path, pageHtml({ html, assets, title, data })),
  ])
  return path
}
