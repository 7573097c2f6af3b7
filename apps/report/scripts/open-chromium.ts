import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const installed = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** A real Chromium: `$CHROMIUM_PATH`, else an installed one, else the one that the package registry carries (Linux x64). */
export async function openChromium(): Promise<Browser> {
  const path = [process.env.CHROMIUM_PATH, ...installed].find(
    (candidate) => candidate !== undefined && existsSync(candidate),
  )
  if (path !== undefined) return chromium.launch({ executablePath: path, args: ['--no-sandbox'] })
  const { default: packaged } = await import('@sparticuz/chromium')
  // Its own options are for short-lived cloud functions: a single process ends with the first page that is closed.
  const args = packaged.args.filter((option) => option !== '--single-process')
  return chromium.launch({ executablePath: await packaged.executablePath(), args })
}
