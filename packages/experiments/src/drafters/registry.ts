import { DsdError, suggestName } from '@dsd-lab/core'
import type { DrafterSpec, RegisteredDrafter } from './define-drafter.ts'
import { promptLookup } from './prompt-lookup.ts'

const drafters = new Map<string, RegisteredDrafter>([[promptLookup.drafterName, promptLookup]])

/** Whether every process knows the drafter without being told. */
export const isBuiltInDrafter = ({ kind }: DrafterSpec): boolean => kind === promptLookup.drafterName

/**
 * Makes a drafter known by its name; call it in the experiment file, which every process that drafts imports.
 *
 * @throws DsdError `bad-input` when another drafter has the name.
 */
export function registerDrafter(drafter: RegisteredDrafter): void {
  const taken = drafters.get(drafter.drafterName)
  if (taken !== undefined && taken !== drafter) {
    throw new DsdError(`a drafter named ${drafter.drafterName} exists already`, {
      kind: 'bad-input',
      where: 'registerDrafter',
      fix: 'choose another name',
    })
  }
  drafters.set(drafter.drafterName, drafter)
}

/** @throws DsdError `bad-input` for a name that nobody registered. */
export function drafterNamed({ kind }: DrafterSpec): RegisteredDrafter {
  const drafter = drafters.get(kind)
  if (drafter !== undefined) return drafter
  throw new DsdError(`unknown drafter ${JSON.stringify(kind)}`, {
    kind: 'bad-input',
    where: 'kind',
    fix: `${suggestName(kind, [...drafters.keys()])}, or call registerDrafter for a drafter of your own`,
  })
}

/** `prompt-lookup(ngram 3, minNgram 1)` */
export function drafterLabel({ kind, ...parameters }: DrafterSpec): string {
  const given = Object.entries(parameters).map(([name, value]) => `${name} ${JSON.stringify(value)}`)
  return `${kind}(${given.join(', ')})`
}
