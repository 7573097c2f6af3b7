import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const at = (path: string): string => new URL(`../../${path}`, import.meta.url).pathname

it('the README shows the example as it is, and what it prints', async () => {
  const readme = await readFile(at('README.md'), 'utf8')
  const example = await readFile(at('examples/two-nodes.ts'), 'utf8')
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', at('examples/two-nodes.ts')], {
    cwd: at('.'),
  })
  expect(readme).toContain(`\`\`\`ts\n${example}\`\`\``)
  expect(readme).toContain(`\`\`\`\n${stdout}\`\`\``)
})
