import { mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { rulePages } from './rule-plots/rule-pages.ts'

// Writes docs/rules: a page about every acceptance rule that ships, each with a plot of what it accepts.
const folder = new URL('../../../docs/rules/', import.meta.url)
await mkdir(folder, { recursive: true })
const files = await rulePages()
for (const [name, content] of files) await writeFile(new URL(name, folder), content)
console.log(`${fileURLToPath(folder)}: ${files.size} files`)
