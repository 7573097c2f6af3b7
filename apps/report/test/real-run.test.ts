import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { decodingResultSchema } from '@dsd-lab/experiments/schema'
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
  } finally {
    await browser.close()
  }
}, 300_000)

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
