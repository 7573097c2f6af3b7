import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { text } from 'node:stream/consumers'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { linkProfiles } from '../../src/links/profiles.ts'

const example = new URL('../../examples/decode-over-slow-links.ts', import.meta.url)
const readme = new URL('../../README.md', import.meta.url)
const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href

describe('the README', () => {
  it('shows the example as it stands', async () => {
    expect(await readFile(readme, 'utf8')).toContain(await readFile(example, 'utf8'))
  })

  it('has the numbers of every link profile', async () => {
    const page = await readFile(readme, 'utf8')
    for (const [name, { latencyMs, jitterMs, bandwidthMbps, loss }] of Object.entries(linkProfiles))
      expect(page).toContain(`| \`${name}\` | ${latencyMs} ms | ${jitterMs} ms | ${bandwidthMbps} Mbit/s | ${loss} |`)
  })

  // The example checks its links at the start, and a machine with much else to do may be told so: it gets another chance.
  it('has an example that decodes on the bundled pair', { timeout: 240_000, retry: 3 }, async () => {
    const program = spawn(process.execPath, ['--import', tsx, fileURLToPath(example)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const [output, complaints, [code]] = await Promise.all([
      text(program.stdout),
      text(program.stderr),
      once(program, 'exit'),
    ])
    expect(complaints).toBe('')
    expect(code).toBe(0)
    expect(output).toMatch(/#### \d+/)
  })
})
