import { Command } from 'commander'
import { print, printJson, type Terminal } from '../../terminal.ts'
import { runtime } from './runtime.ts'

export function removeCommand(to: Terminal): Command {
  return new Command('rm')
    .description("remove a model of the catalogue from the lab's cache; the hub's cache is left alone")
    .argument('<model>', 'a name of the catalogue')
    .option('--json', 'print as JSON')
    .action(async (ref: string, { json = false }: { json?: boolean }) => {
      const { removeModel, sizeText } = await runtime()
      const freedBytes = await removeModel(ref)
      if (json) return printJson(to, { ref, freedBytes })
      print(to, `${ref}: removed, ${sizeText(freedBytes)} freed`)
    })
}
