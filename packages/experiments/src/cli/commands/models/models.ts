import { Command } from 'commander'
import type { Terminal } from '../../terminal.ts'
import { modelInfo } from './info.ts'
import { listModels } from './list.ts'
import { pullCommand } from './pull.ts'
import { removeCommand } from './rm.ts'

export function modelsCommand(to: Terminal): Command {
  return new Command('models')
    .description('list the models at hand, describe one, fetch or remove one')
    .addCommand(listModels(to), { isDefault: true })
    .addCommand(modelInfo(to))
    .addCommand(pullCommand(to))
    .addCommand(removeCommand(to))
}
