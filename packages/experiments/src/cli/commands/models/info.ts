import { Command } from 'commander'
import { tableText } from '../../table.ts'
import { print, printJson, type Terminal } from '../../terminal.ts'
import { factsOf } from './model-facts.ts'
import { runtime } from './runtime.ts'

export function modelInfo(to: Terminal): Command {
  return new Command('info')
    .description('describe one model')
    .argument('<model>', 'bundled:lab-target, bundled:lab-draft, hf:owner/name, a name of the catalogue, or a path')
    .option('--json', 'print as JSON')
    .action(async (ref: string, { json = false }: { json?: boolean }) => {
      const { openModel, selectEngine } = await runtime()
      const model = await openModel(ref)
      const engine = selectEngine({ model })
      const facts = {
        ...factsOf(model),
        path: model.path,
        weightBytes: model.weightBytes,
        hiddenSize: model.config.hiddenSize,
        maxLength: model.config.maxLength,
        engine: engine.name,
        digest: await model.digest(),
      }
      if (json) return printJson(to, facts)
      print(
        to,
        tableText({
          head: ['', ''],
          rows: Object.entries(facts).map(([key, value]) => [key, String(value)]),
          align: ['left', 'left'],
        }).trim(),
      )
    })
}
