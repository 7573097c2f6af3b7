import { afterEach, expect, it, vi } from 'vitest'
import { runCommand } from '../../src/cli/program.ts'

afterEach(() => vi.restoreAllMocks())

it.each(['--help', 'claims --help', 'evidence add --help'])(
  'exp %s explains itself where the terminal is, and nowhere else',
  async (words) => {
    const shown = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    const elsewhere = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
    expect(await runCommand(words.split(' '), { out: process.stderr, err: process.stderr })).toBe(0)
    expect(shown.mock.calls.join('')).toContain('Usage: exp')
    expect(elsewhere).not.toHaveBeenCalled()
  },
)
