import { Command } from 'commander'
import type { Terminal } from '../../terminal.ts'
import { modelInfo } from './info.ts'
import { listModels } from './list.ts'
import { pullCommand } from './pull.ts'
import { removeCommand } from './rm.ts'
import { verifyCommand } from './verify.ts'

export function modelsCommand(to: Terminal): Command {
  return new Command('models')
    .description('list the models at hand, describe, fetch, verify or remove one')
    .addCommand(listModels(to), { isDefault: true })
    .addCommand(modelInfo(to))
    .addCommand(pullCommand(to))
    .addCommand(verifyCommand(to))
    .addCommand(removeCommand(to))
}
