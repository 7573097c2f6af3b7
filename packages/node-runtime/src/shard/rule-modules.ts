import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { resolveRule, ruleNames } from '@dsd-lab/acceptance'
import { DsdError, type RuleResolver } from '@dsd-lab/core'
import { importAsModule } from './import-as-module.ts'

/** File URL of a module given as a path (relative to the working folder) or as a file URL. */
export function moduleUrl(module: string): string {
  return module.startsWith('file:') ? module : pathToFileURL(resolve(module)).href
}

/**
 * Imports a module that registers acceptance rules.
 *
 * @throws DsdError `bad-input` naming the module when it cannot be loaded.
 */
export async function importRules(module: string): Promise<void> {
  try {
    await importAsModule(moduleUrl(module))
  } catch (cause) {
    const [what] = (cause instanceof Error ? cause.message : String(cause)).split('\n')
    throw new DsdError(`the module cannot be loaded (${what})`, {
      kind: 'bad-input',
      where: module,
      fix: 'give a module that registers its rules when imported',
      cause,
    })
  }
}

/**
 * Resolves the rules that this node has. A coordinator sends a rule as a name and parameters, never as code: only who starts the
 * node can give it a module, so that a session of another machine can ask for nothing that its owner did not choose.
 *
 * @throws DsdError `bad-input` naming the rule that the node does not have.
 */
export const resolveNodeRule: RuleResolver = (spec, context) => {
  if (ruleNames().includes(spec.name)) return resolveRule(spec, context)
  throw new DsdError(`has no rule named ${JSON.stringify(spec.name)}, and takes no code from the network`, {
    kind: 'bad-input',
    fix: 'start it with dsd-node --rules <module that registers the rule>, or use a rule that ships',
  })
}
