import { DsdError } from '@dsd-lab/core'
import { HubApiError, listFiles, modelInfo } from '@huggingface/hub'
import type { ContentDigest } from '../content-digest.ts'
import { staysInside } from '../inside.ts'
import type { HubReference } from '../model-reference.ts'
import type { HubConnection } from './hub-settings.ts'

/** A file as the hub lists it. */
export interface HubFile {
  /** Inside the repository. */
  readonly path: string
  readonly bytes: number
  readonly digest: ContentDigest
}

export interface HubListing {
  /** Forty hexadecimal digits. */
  readonly commit: string
  readonly files: readonly HubFile[]
}

/**
 * Resolves the revision of a repository and lists its files: those at its top, and below when the reference names one there.
 *
 * @throws DsdError in the hub's own words
 */
export async function listRepository(
  { ref, repository, revision, file }: HubReference,
  { endpoint, token }: HubConnection,
  fetch: typeof globalThis.fetch,
): Promise<HubListing> {
  const access = { hubUrl: endpoint, fetch, ...(token === undefined ? {} : { accessToken: token }) }
  try {
    const { sha } = await modelInfo({ name: repository, revision, additionalFields: ['sha'], ...access })
    if (!/^[0-9a-f]{40}$/.test(sha)) throw refused(ref, `the hub names no commit for ${revision}`, 'try again')
    const files: HubFile[] = []
    const recursive = file?.includes('/') === true
    for await (const entry of listFiles({ repo: repository, revision: sha, recursive, ...access })) {
      if (entry.type !== 'file') continue
      const digest = digestOf(entry)
      // These become paths on this machine.
      if (digest === undefined || !staysInside(entry.path)) {
        throw refused(ref, `the hub lists a file that cannot be kept: ${entry.path}`, 'tell its publisher')
      }
      files.push({ path: entry.path, bytes: entry.size, digest })
    }
    return { commit: sha, files }
  } catch (error) {
    throw error instanceof HubApiError ? answered(ref, error, token !== undefined) : error
  }
}

function digestOf({ lfs, oid }: { lfs?: { oid: string }; oid?: string }): ContentDigest | undefined {
  const large = lfs?.oid.replace(/^sha256:/, '')
  if (large !== undefined) return /^[0-9a-f]{64}$/.test(large) ? { kind: 'sha256', hex: large } : undefined
  return oid !== undefined && /^[0-9a-f]{40}$/.test(oid) ? { kind: 'git-sha1', hex: oid } : undefined
}

function answered(ref: string, error: HubApiError, hasToken: boolean): DsdError {
  const [words = ''] = error.message.split(/\. (?:URL|Request ID): /)
  const what = `the hub answers ${error.statusCode} (${words.replaceAll('\n', ' ')})`
  if (error.statusCode !== 401 && error.statusCode !== 403) return refused(ref, what, 'check owner, name and revision')
  return refused(
    ref,
    what,
    hasToken
      ? 'check the name, and that HF_TOKEN may read it (a gated model asks for its licence to be accepted on its page)'
      : 'check the name; if it is private or gated, set HF_TOKEN to a token that may read it',
  )
}

const refused = (where: string, what: string, fix: string): DsdError =>
  new DsdError(what, { kind: 'environment', where, fix })
