import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { defaultCoefficients, ruleNames } from '../src/index.ts'

const at = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url))
const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href

describe('the README', () => {
  it('shows the example as it is, and what it prints', async () => {
    const readme = await readFile(at('README.md'), 'utf8')
    const example = await readFile(at('examples/own-rule.ts'), 'utf8')
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', tsx, at('examples/own-rule.ts')])
    expect(readme).toContain(`\`\`\`ts\n${example}\`\`\``)
    expect(readme).toContain(`\`\`\`\n${stdout}\`\`\``)
  })

  it('lists every rule and the coefficients of the score', async () => {
    const readme = await readFile(at('README.md'), 'utf8')
    for (const name of ruleNames()) {
      const call = name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase())
      expect(readme).toMatch(new RegExp(`^\\| \`${call}\\(`, 'm'))
    }
    const { certainty, fork, margin, draftGap, divergence, keyClass, plainClass, intercept } = defaultCoefficients
    const column = [
      ...readme.matchAll(/^\| (?:certainty|fork|margin|draft gap|divergence|class) \|.*\| (-?[\d.]+) \|$/gm),
    ]
    expect(column.map(([, value]) => Number(value))).toEqual([
      certainty,
      fork,
      margin,
      draftGap,
      divergence,
      keyClass,
      plainClass,
    ])
    expect(readme).toContain(`with intercept ${intercept}.`)
  })
})
