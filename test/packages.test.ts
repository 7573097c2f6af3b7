import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const run = promisify(execFile)
const root = new URL('..', import.meta.url).pathname
const packages = ['core', 'acceptance', 'node-runtime', 'experiments'] as const
const pnpm = ['-y', 'pnpm@10.34.9'] as const

let folder = ''
const tarballs = new Map<string, string>()

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dsd-lab-packed-'))
  await run('npx', [...pnpm, 'run', 'build'], { cwd: root })
  for (const name of packages) {
    const out = join(folder, name)
    await mkdir(out)
    await run('npx', [...pnpm, 'pack', '--pack-destination', out], { cwd: join(root, 'packages', name) })
    const [tarball] = await readdir(out)
    if (tarball === undefined) throw new Error(`nothing was packed for ${name}`)
    tarballs.set(name, join(out, tarball))
  }
}, 240_000)

afterAll(() => rm(folder, { recursive: true, force: true }))

const tarballOf = (name: string): string => {
  const path = tarballs.get(name)
  if (path === undefined) throw new Error(`${name} was not packed`)
  return path
}

describe('what would be published', () => {
  it.each(packages)('%s has exports that publint accepts', async (name) => {
    const { stdout } = await run('npx', ['publint', tarballOf(name), '--strict'], { cwd: root })
    expect(stdout).toContain('All good!')
  })

  it.each(packages)('%s has types that every ESM resolver finds', async (name) => {
    const { stdout } = await run('npx', ['attw', tarballOf(name), '--profile', 'esm-only', '--format', 'json'], {
      cwd: root,
    })
    expect(JSON.parse(stdout)).not.toHaveProperty('problems.0')
  })

  it('installs and imports in an empty folder outside the workspace, each package by its name', async () => {
    const app = join(folder, 'app')
    await mkdir(app)
    const files = Object.fromEntries(packages.map((name) => [`@dsd-lab/${name}`, `file:${tarballOf(name)}`]))
    await writeFile(
      join(app, 'package.json'),
      JSON.stringify({ private: true, type: 'module', dependencies: files, pnpm: { overrides: files } }),
    )
    await run('npx', [...pnpm, 'install', '--prefer-offline', '--ignore-workspace', '--no-optional'], { cwd: app })
    for (const name of packages) {
      const code = `const m = await import('@dsd-lab/${name}'); console.log(Object.keys(m).length)`
      const { stdout } = await run(process.execPath, ['--input-type=module', '-e', code], { cwd: app })
      expect(Number(stdout)).toBeGreaterThan(3)
    }
  }, 240_000)
})
