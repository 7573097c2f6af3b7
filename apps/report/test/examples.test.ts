import { execFile } from 'node:child_process'
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openChromium } from '../scripts/open-chromium.ts'
import { openPage } from './fixtures/open-page.ts'
import { writeRunFolder } from './fixtures/run-folder.ts'

const file = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url))
let root = ''

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'dsd-report-examples-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))

test('the README shows the examples as they are', async () => {
  const readme = await readFile(file('README.md'), 'utf8')
  for (const example of ['examples/build-report.ts', 'examples/notebook.html']) {
    expect(readme).toContain(await readFile(file(example), 'utf8'))
  }
})

test('the example builds a site, and the example notebook draws its run without a network', async () => {
  const run = await writeRunFolder({ root: join(root, 'runs') })
  await copyFile(file('examples/notebook.html'), join(run, 'notebook.html'))
  const site = join(root, 'site')
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', file('examples/build-report.ts'), join(root, 'runs'), site],
    { cwd: file('.') },
  )
  expect(stdout).toBe(`${join(site, 'index.html')} and 1 page\n`)
  const browser = await openChromium()
  try {
    const { page, complaints } = await openPage(join(site, 'ablation-adaptive-0f1e2d3c.html'), { browser })
    expect(await page.getByRole('heading', { name: 'What a token takes' }).isVisible()).toBe(true)
    expect(await page.getByText('180 estimates, one for each').isVisible()).toBe(true)
    expect(await page.locator('#cell-3 svg circle').count()).toBe(180)
    expect(await page.locator('#figure-speedup-by-nodes svg').first().isVisible()).toBe(true)
    expect(complaints).toEqual([])
  } finally {
    await browser.close()
  }
}, 240_000)
