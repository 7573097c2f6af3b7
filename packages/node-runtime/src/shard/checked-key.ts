import { DsdError } from '@dsd-lab/core'

/** Characters of the shortest secret that is no invitation to guess. */
export const LEAST_KEY_LENGTH = 16

/**
 * The secret of a cluster as the user gives it, to a node that is started or for nodes that are running already.
 *
 * @throws DsdError `bad-input` when it is empty or shorter than 16 characters.
 */
export function checkedKey(key: string, { of }: { readonly of: 'new node' | 'running nodes' }): string {
  if (key.length >= LEAST_KEY_LENGTH) return key
  throw new DsdError(key === '' ? 'is empty' : `has only ${key.length} characters`, {
    kind: 'bad-input',
    where: 'DSD_KEY',
    fix:
      of === 'new node'
        ? `give a secret of at least ${LEAST_KEY_LENGTH} characters, or unset it to have one made`
        : `give the secret that the nodes were started with, at least ${LEAST_KEY_LENGTH} characters`,
  })
}
