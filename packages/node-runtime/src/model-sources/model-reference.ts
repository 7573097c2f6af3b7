import { DsdError, nearestName } from '@dsd-lab/core'
import type { CatalogueEntry } from './catalogue.ts'
import { staysInside } from './inside.ts'

/** `hf:owner/name[@revision][/file.gguf]` */
export interface HubReference {
  readonly kind: 'hub'
  readonly ref: string
  /** `owner/name` */
  readonly repository: string
  /** A branch, a tag or a commit. Default: `main`. */
  readonly revision: string
  /** Path of a GGUF file in the repository. */
  readonly file?: string
}

/** What a model's name says about where it comes from; anything else is a path or `bundled:`. */
export type ModelReference =
  | HubReference
  | { readonly kind: 'catalogue'; readonly entry: CatalogueEntry }
  | { readonly kind: 'local' }

const HUB_PREFIX = 'hf:'
const HUB_FORM = /^([A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*)(?:@([^/@]+))?(?:\/(.+))?$/

/**
 * Reads a model's name.
 *
 * @throws DsdError when it begins with `hf:` and does not go on as it should
 */
export function parseReference(ref: string, catalogue: readonly CatalogueEntry[]): ModelReference {
  if (ref.startsWith(HUB_PREFIX)) return parseHubReference(ref)
  const entry = catalogue.find(({ id }) => id === ref)
  return entry === undefined ? { kind: 'local' } : { kind: 'catalogue', entry }
}

function parseHubReference(ref: string): HubReference {
  const [, repository, encodedRevision = 'main', file] = HUB_FORM.exec(ref.slice(HUB_PREFIX.length)) ?? []
  const revision = decode(encodedRevision)
  if (repository === undefined || revision === undefined || !staysInside(revision) || !staysInside(file ?? 'x')) {
    throw malformed(ref, 'is no name of a model on the hub')
  }
  if (file !== undefined && !file.endsWith('.gguf')) throw malformed(ref, `${file} is no GGUF file`)
  return { kind: 'hub', ref, repository, revision, ...(file === undefined ? {} : { file }) }
}

/** Revisions with a slash are written `refs%2Fpr%2F1`. */
function decode(revision: string): string | undefined {
  try {
    return decodeURIComponent(revision)
  } catch {
    return undefined
  }
}

const malformed = (ref: string, what: string): DsdError =>
  new DsdError(what, {
    kind: 'bad-input',
    where: ref,
    fix: 'write hf:owner/name, hf:owner/name@revision or hf:owner/name/file.gguf',
  })

/** What to say of a name that is no id of the catalogue; `elsewhere` are the other ways to name a model there, for one that is close to none. */
export function unknownModel(
  ref: string,
  {
    catalogue,
    elsewhere = [],
  }: { readonly catalogue: readonly CatalogueEntry[]; readonly elsewhere?: readonly string[] },
): DsdError {
  const ids = catalogue.map(({ id }) => id)
  const close = nearestName(ref, [...ids, ...elsewhere])
  return new DsdError('there is no such model', {
    kind: 'bad-input',
    where: ref,
    fix: close === undefined ? `choose one of ${[...ids, ...elsewhere].join(', ')}` : `did you mean ${close}?`,
  })
}
