import { Command } from 'commander'
import { print, printJson, type Terminal } from '../../terminal.ts'
import { runtime } from './runtime.ts'

export function removeCommand(to: Terminal): Command {
  return new Command('rm')
    .description(
      "remove a model of the catalogue from the lab's cache, and the converted weights of any model; the hub's cache and your own files are left alone",
    )
    .argument('<model>', 'a name of the catalogue; for converted weights also hf:owner/name or a path')
    .option('--json', 'print as JSON')
    .action(async (ref: string, { json = false }: { json?: boolean }) => {
      const { removeModel, sizeText } = await runtime()
      const { modelBytes, convertedBytes } = await removeModel(ref)
      if (json) return printJson(to, { ref, freedBytes: modelBytes + convertedBytes, modelBytes, convertedBytes })
      const removed = [
        ...(modelBytes > 0 ? [`the model, ${sizeText(modelBytes)}`] : []),
        ...(convertedBytes > 0 ? [`its converted weights, ${sizeText(convertedBytes)}`] : []),
      ]
      print(to, `${ref}: removed ${removed.join(', and ')}`)
    })
}
