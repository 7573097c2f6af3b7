import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { decodingResultSchema, summarySchema } from '@dsd-lab/experiments/schema'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openChromium } from '../scripts/open-chromium.ts'
import { openPage } from './fixtures/open-page.ts'

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
let runs = ''

beforeAll(async () => {
  runs = await mkdtemp(join(tmpdir(), 'dsd-report-real-'))
})
afterAll(() => rm(runs, { recursive: true, force: true }))

test('`exp run` decodes with the bundled pair and ends with a report that shows the very tokens', async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      '--import',
      'tsx',
      file('../../../packages/experiments/src/cli/main.ts'),
      'run',
      file('fixtures/tiny-study.ts'),
      '--runs',
      runs,
    ],
    { cwd: file('../../..') },
  )
  const report = printed(stdout, 'report')
  const run = printed(stdout, 'run')
  const browser = await openChromium()
  try {
    const overview = await openPage(join(dirname(report), 'index.html'), { browser })
    expect(overview.complaints).toEqual([])
    await overview.page.getByRole('link', { name: 'Two prompts of the bundled pair' }).click()
    expect(overview.page.url()).toBe(pathToFileURL(report).href)
    await overview.page.locator('#figure-tokens .token').first().waitFor()
    expect(await overview.page.locator('.absence h3').allTextContents()).toEqual([
      'Live shard processes over the virtual clock',
    ])

    await overview.page.locator('#menu-beside').selectOption('')
    const shown = await overview.page
      .locator('.token')
      .evaluateAll((tokens) =>
        tokens.filter((token) => token.closest('.token-list') !== null).map((token) => token.textContent),
      )
    const item = await overview.page.locator('#menu-item').inputValue()
    const strict = (await decodingsOf(run)).find(({ decoding }) => decoding.variant === 'strict')
    const { pieces = [], text } = strict?.items.find((decoded) => decoded.item === item) ?? {}
    expect(pieces.join('')).toBe(text)
    expect(shown).toEqual(pieces.map((piece) => (piece === '' ? '∅' : piece.replaceAll('\n', '↵\n'))))
    expect(overview.complaints).toEqual([])
    await checkWhatIf({ browser, report, run })
  } finally {
    await browser.close()
  }
}, 300_000)

/** The sliders start at a network of the run, so the page has to say what the run measured there, and something else elsewhere. */
async function checkWhatIf({
  browser,
  report,
  run,
}: {
  readonly browser: Browser
  readonly report: string
  readonly run: string
}): Promise<void> {
  const summary = summarySchema.parse(JSON.parse(await readFile(join(run, 'summary.json'), 'utf8')))
  const strict = summary.speed.find(({ variant }) => variant === 'strict')?.speedupOverAutoregressive?.estimate
  const overPage = await openPage(report, { browser })
  await overPage.page.getByRole('link', { name: 'What if the network were another?' }).click()
  await overPage.page.close()
  const { page, complaints } = await openPage(report.replace(/\.html$/, '.what-if.html'), { browser, width: 380 })
  const speedups = () => page.locator('#figure-gain-by-window tbody tr td:nth-child(2)').allTextContents()
  const atFirst = await speedups()
  expect(atFirst[4]).toMatch(new RegExp(`^${strict?.toFixed(2)} \\[\\d+\\.\\d+, \\d+\\.\\d+\\]$`))
  const ahead = page.getByRole('checkbox', { name: 'Draft ahead, while a window travels' })
  await ahead.check()
  await expect.poll(async () => Number.parseFloat((await speedups())[4] ?? '')).toBeGreaterThan(strict ?? 0)
  await ahead.uncheck()
  await expect.poll(speedups).toEqual(atFirst)
  const big = page.locator('.headline .big').first()
  expect(await big.textContent()).toBe(`${strict?.toFixed(2)}×`)
  await page.getByRole('slider', { name: 'Link latency, one way' }).focus()
  await page.keyboard.press('End')
  await expect.poll(() => page.locator('output').nth(1).textContent()).toBe('1\u202f000 ms')
  await expect.poll(speedups).not.toEqual(atFirst)
  await page.getByRole('slider', { name: 'Window' }).focus()
  await page.keyboard.press('End')
  await expect.poll(() => page.locator('.headline dt').first().textContent()).toContain('chosen on the way')
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(380)
  expect(complaints).toEqual([])
  await page.close()
}

function printed(stdout: string, label: 'report' | 'run'): string {
  const path = new RegExp(`^${label}: (.+)$`, 'm').exec(stdout)?.[1]
  if (path === undefined) throw new Error(`no line "${label}: ..." in:\n${stdout}`)
  return path
}

async function decodingsOf(run: string) {
  const ids = await readdir(join(run, 'decodings'))
  const texts = await Promise.all(ids.map((id) => readFile(join(run, 'decodings', id, 'result.json'), 'utf8')))
  return texts.map((text) => decodingResultSchema.parse(JSON.parse(text)))
}
