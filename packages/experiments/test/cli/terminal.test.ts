import { afterEach, expect, it, vi } from 'vitest'
import { runCommand } from '../../src/cli/program.ts'

afterEach(() => {
  vi.restoreAllMocks()
  // Each command line listens to its terminal for as long as its process lives.
  process.stderr.removeAllListeners('error')
})

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

const saidBy = async (words: string): Promise<{ code: number; said: string }> => {
  const shown = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const code = await runCommand(words === '' ? [] : words.split(' '), { out: process.stderr, err: process.stderr })
  return { code, said: shown.mock.calls.map(([text]) => text).join('') }
}

it.each([
  ['', 'Usage: exp [options] [command]'],
  ['evidence', 'Usage: exp evidence [options] [command]'],
])('exp %s, which needs a subcommand, prints its help and nothing else', async (words, usage) => {
  const { code, said } = await saidBy(words)
  expect(code).toBe(2)
  expect(said).toContain(usage)
  expect(said).not.toContain('outputHelp')
})

it.each([
  ['show', "missing required argument 'run'; exp show --help shows what there is\n"],
  ['evidence add', "missing required argument 'run'; exp evidence add --help shows what there is\n"],
  ['evidence ad x', "unknown command 'ad' (Did you mean add?); exp evidence --help shows what there is\n"],
  ['run study --job 2', "unknown option '--job' (Did you mean --jobs?); exp run --help shows what there is\n"],
  ['shwo', "unknown command 'shwo' (Did you mean show?); exp --help shows what there is\n"],
])('exp %s names the help of the command that failed', async (words, line) => {
  expect(await saidBy(words)).toEqual({ code: 2, said: line })
})
