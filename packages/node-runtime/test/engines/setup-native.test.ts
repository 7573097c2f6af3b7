import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const MAIN = fileURLToPath(import.meta.resolve('../../src/engines/native-setup/main.ts'))

function setUp(args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', MAIN, ...args], {
    env,
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

describe('the set-up of the native engines', () => {
  it('explains itself', () => {
    const { status, stdout } = setUp(['--help'])
    expect(status).toBe(0)
    expect(stdout).toContain('setup-native [--gpu] [--library cpu|cuda]')
  })

  it.each([
    [['--library', 'rocm'], '--library: no library rocm; use cpu or cuda\n'],
    [['--cuda'], "setup:native: Unknown option '--cuda'"],
  ])('refuses %j', (args, line) => {
    const { status, stderr } = setUp(args)
    expect(status).toBe(2)
    expect(stderr).toContain(line)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })

  it.runIf(process.platform === 'linux' && process.arch === 'x64')('names the program that is missing', () => {
    const { status, stderr } = setUp([], { ...process.env, PATH: '/nonexistent' })
    expect(status).toBe(1)
    expect(stderr).toBe(
      'setup:native: python3 -m pip --version does not run; install Python 3 with pip (Debian: apt install python3-pip)\n',
    )
  })
})
