import { expect, it, vi } from 'vitest'
import { runCommand } from '../../src/cli/program.ts'

it('a timeline is not poured on a terminal: a file is asked for', async () => {
  using _terminal = onTerminal()
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const code = await runCommand(['export', 'latest', '--format', 'perfetto'])
  const lines = said.mock.calls.map(([text]) => text).join('')
  vi.restoreAllMocks()
  expect({ code, lines }).toEqual({
    code: 2,
    lines: '--out: a timeline is for ui.perfetto.dev, not for a terminal; name a file, e.g. --out timeline.json\n',
  })
})

function onTerminal(): Disposable {
  const before = process.stdout.isTTY
  process.stdout.isTTY = true
  return {
    [Symbol.dispose]() {
      process.stdout.isTTY = before
    },
  }
}
