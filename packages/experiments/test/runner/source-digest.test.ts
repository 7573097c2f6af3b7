import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sourceDigest } from '../../src/runner/source-digest.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dsd-digest-'))
  await write('package.json', '{ "sideEffects": false }')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const write = (name: string, content: string): Promise<void> => writeFile(join(folder, name), content)
const digest = (): Promise<string> => sourceDigest(join(folder, 'rule.ts'))

describe('the digest of a rule of the user', () => {
  it.each([
    ['a named import', "import { value } from './part.ts'\nconsole.log(value)", 'part.ts'],
    ['an import without an ending', "import { value } from './part'\nconsole.log(value)", 'part.ts'],
    ['an import by the name of its output', "import { value } from './part.js'\nconsole.log(value)", 'part.ts'],
    ['an export from', "export { value } from './part.ts'", 'part.ts'],
    ['an import for its side effects', "import './part.ts'", 'part.ts'],
    ['a dynamic import', "const { value } = await import('./part.ts')\nconsole.log(value)", 'part.ts'],
    ['an .mts file', "import { value } from './part.mts'\nconsole.log(value)", 'part.mts'],
    ['a JSON file', "import value from './part.json' with { type: 'json' }\nconsole.log(value)", 'part.json'],
  ])('changes with what it takes in by %s', async (_, source, part) => {
    const content = (value: number): string =>
      part.endsWith('.json') ? `{ "value": ${value} }` : `export const value = ${value}`
    await write('rule.ts', source)
    await write(part, content(1))
    const first = await digest()
    expect(await digest()).toBe(first)
    await write(part, content(2))
    expect(await digest()).not.toBe(first)
  })

  it('follows imports of imports, also in a circle', async () => {
    await write('rule.ts', "import './one.ts'")
    await write('one.ts', "import './two.ts'")
    await write('two.ts', "import './one.ts'")
    const first = await digest()
    await write('two.ts', "import './one.ts'\nconsole.log(2)")
    expect(await digest()).not.toBe(first)
  })

  it('leaves out packages, and a path that only a comment names', async () => {
    await write('rule.ts', "import 'no-such-package'\n// from './part.ts'\n")
    await write('part.ts', '1')
    const first = await digest()
    await write('part.ts', '2')
    expect(await digest()).toBe(first)
  })
})
