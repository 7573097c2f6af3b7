import { readdir, readFile } from 'node:fs/promises'
import { builtInRuleNames } from '@dsd-lab/acceptance'
import { describe, expect, it } from 'vitest'
import { rulePages } from '../scripts/rule-plots/rule-pages.ts'

const folder = new URL('../../../docs/rules/', import.meta.url)

describe('docs/rules', () => {
  it('holds what pnpm --filter @dsd-lab/report rule-plots makes of the rules as they are', async () => {
    const made = await rulePages()
    expect((await readdir(folder)).sort()).toEqual([...made.keys()].sort())
    for (const [name, content] of made) {
      expect(await readFile(new URL(name, folder), 'utf8'), `${name} is out of date`).toBe(content)
    }
  })

  it('shows every rule that ships, with its formula and something that it accepts and rejects', async () => {
    const page = await readFile(new URL('README.md', folder), 'utf8')
    for (const name of builtInRuleNames) {
      const [, section = ''] = page.split(`\n## ${name}\n`)
      expect(section.split('\n## ')[0], name).toMatch(/\n {4}.*accept|\n {4}key position/)
      const plot = await readFile(new URL(`${name}.svg`, folder), 'utf8')
      const fills = new Set([...plot.matchAll(/<rect [^>]*fill="(rgb[^"]*)"/g)].map(([, fill]) => fill))
      expect(fills.size, name).toBeGreaterThan(name === 'accept-everything' ? 0 : 1)
    }
  })
})
