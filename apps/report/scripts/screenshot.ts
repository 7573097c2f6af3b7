import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildReport } from '../src/index.ts'
import { openChromium } from './open-chromium.ts'

const [run, picture] = process.argv.slice(2)
if (run === undefined || picture === undefined) {
  console.error('usage: pnpm --filter @dsd-lab/report screenshot <run folder> <picture.png>')
  process.exit(2)
}

const site = await mkdtemp(join(tmpdir(), 'dsd-report-picture-'))
const browser = await openChromium()
try {
  const { pages } = await buildReport({ runs: [run], outDir: site })
  const [first] = pages
  if (first === undefined) throw new Error(`${run} has no finished run`)
  const page = await browser.newPage({ viewport: { width: 1440, height: 1180 }, colorScheme: 'light' })
  await page.goto(pathToFileURL(first).href)
  await page.locator('#figure-result svg').first().waitFor()
  await page.evaluate(() => document.fonts.ready.then(() => undefined))
  await page.screenshot({ path: picture })
  console.log(`${picture}: ${Math.round((await stat(picture)).size / 1000)} kB`)
} finally {
  await browser.close()
  await rm(site, { recursive: true, force: true })
}
