import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { JudgedClaim } from '@dsd-lab/experiments/schema-claims'
import axe from 'axe-core'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openChromium } from '../scripts/open-chromium.ts'
import { buildReport } from '../src/index.ts'
import { openPage } from './fixtures/open-page.ts'
import { writeRunFolder } from './fixtures/run-folder.ts'

let root = ''
let runId = ''
let index = ''
let browser: Browser

const reading = {
  verdict: 'refuted',
  measured: { what: 'strict over plain', value: { estimate: 2.41, low: 2.3, high: 2.5 }, unit: 'x' },
  conditions: 'programs, 50 items, 8 nodes',
  because: 'even the best of 12 settings stays below 2.56',
  beside: ['random at the same rate: 2.40x [2.31, 2.49]'],
  experiment: 'claim-speedup.ts',
  pair: 'target drafted by draft',
  note: null,
} as const

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'dsd-report-claims-'))
  const run = await writeRunFolder({ root: join(root, 'runs') })
  runId = basename(run)
  const missing = {
    ...reading,
    verdict: 'not testable here',
    measured: null,
    beside: [],
    runId: null,
    pair: null,
  } as const
  const claims: JudgedClaim[] = [
    {
      id: 'speedup-humaneval',
      text: 'DSD is up to 2.56 times as fast',
      source: 'arXiv 2511.11733, abstract',
      rule: 'reproduced if the interval lies above',
      readings: [
        { ...reading, beside: [...reading.beside], runId },
        { ...missing, beside: [] },
      ],
    },
  ]
  const report = await buildReport({ runs: [run], outDir: join(root, 'site'), claims })
  index = report.index
  browser = await openChromium()
}, 240_000)
afterAll(async () => {
  await browser?.close()
  await rm(root, { recursive: true, force: true })
})

describe('the page of claims', { timeout: 120_000 }, () => {
  test('is reached from the overview, shows every verdict with number and interval, and leads to the run', async () => {
    const overview = await openPage(index, { browser, width: 1280, colorScheme: 'light' })
    await overview.page.getByRole('link', { name: /claims of the paper/ }).click()
    const rows = overview.page.locator('#claim-speedup-humaneval tbody tr')
    await rows.first().waitFor()
    expect(await rows.count()).toBe(2)
    expect(await rows.nth(0).textContent()).toMatch(/refuted[\s\S]*2\.41[\s\S]*2\.30[\s\S]*2\.50/)
    expect(await rows.nth(1).textContent()).toMatch(/not testable here/)
    await overview.page.getByRole('link', { name: runId }).click()
    expect(overview.page.url()).toMatch(new RegExp(`${runId}\\.html$`))
    expect(overview.complaints).toEqual([])
    await overview.page.close()
  })

  test.each(['light', 'dark'] as const)(
    'is readable on a small screen and with assistive technology, %s',
    async (colorScheme) => {
      const path = join(root, 'site', 'claims.html')
      const { page, complaints } = await openPage(path, { browser, width: 380, colorScheme })
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(380)
      const tables = await page
        .locator('.claim .table')
        .evaluateAll((all) => all.map((table) => table.scrollWidth - table.clientWidth))
      expect(tables).toEqual([0])
      const verdict = page.locator('.claim-verdict').first()
      expect(await verdict.evaluate((mark) => getComputedStyle(mark).fontWeight)).toBe('600')
      expect(await page.locator('.claim').textContent()).toContain('random at the same rate: 2.40× [2.31, 2.49]')
      await page.addScriptTag({ content: axe.source })
      const found: string[] = await page.evaluate('axe.run().then(({ violations }) => violations.map(({ id }) => id))')
      expect(found).toEqual([])
      expect(complaints).toEqual([])
      expect(await readFile(path, 'utf8')).not.toMatch(/type="module"|src="https?:/)
      await page.close()
    },
  )
})
