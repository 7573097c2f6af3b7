import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = new URL('..', import.meta.url).pathname
const guides = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md']
const folders = [
  'packages/core',
  'packages/acceptance',
  'packages/node-runtime',
  'packages/experiments',
  'apps/report',
  'bench',
  'docs/rules',
  'training',
]
const documents = [...guides, ...folders.map((folder) => `${folder}/README.md`)]

const linksOf = (text: string): string[] =>
  [...text.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, link = '']) => link).filter((link) => !/^[a-z]+:/.test(link))

describe('documents', () => {
  it('link only to files and folders that exist', async () => {
    const broken: string[] = []
    let links = 0
    for (const document of documents) {
      for (const link of linksOf(await readFile(join(root, document), 'utf8'))) {
        links++
        if (!existsSync(join(root, dirname(document), link))) broken.push(`${document} -> ${link}`)
      }
    }
    expect(broken).toEqual([])
    expect(links).toBeGreaterThan(30)
  })

  it('name only root scripts that exist', async () => {
    const { scripts }: { scripts: Record<string, string> } = JSON.parse(
      await readFile(join(root, 'package.json'), 'utf8'),
    )
    const builtIn = new Set(['install', 'add'])
    const missing: string[] = []
    for (const document of guides) {
      const text = await readFile(join(root, document), 'utf8')
      for (const [, name = ''] of text.matchAll(/pnpm(?:@[\d.]+)? ([a-z][a-z:-]*)/g)) {
        if (!(name in scripts) && !builtIn.has(name)) missing.push(`${document}: pnpm ${name}`)
      }
    }
    expect(missing).toEqual([])
  })
})
