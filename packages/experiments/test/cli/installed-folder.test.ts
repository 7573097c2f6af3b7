import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, expect, it } from 'vitest'
import { exp } from './exp-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'dsd-installed-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('a folder outside the clone has exp, and the imports of its file, after npm install of the package', async () => {
  const clone = fileURLToPath(new URL('../..', import.meta.url))
  const npm = ['install', '--offline', '--no-audit', '--no-fund', clone]
  await promisify(execFile)('npm', npm, { cwd: folder })
  const installed = { cwd: folder, command: [join(folder, 'node_modules', '.bin', 'exp')] } as const
  expect(await exp(['init', 'my-study'], installed)).toMatchObject({ code: 0 })
  // The file is read, its imports with it; only the arm is missed.
  expect(await exp(['run', 'my-study.ts', '--limit', '1'], installed)).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^tasks\[0\]\.limit: /),
  })
}, 120_000)
