import { join } from 'node:path'
import { caches, noise } from '../caches.ts'
import { type HubRepository, type HubServer, hubServer } from '../hub-server.ts'

export const COMMIT = 'a'.repeat(40)
export const gguf = noise(300_000, 1)
export const ggufs: HubRepository = {
  commit: COMMIT,
  revisions: ['main', 'refs/pr/1'],
  files: { 'small.gguf': gguf, 'deep/large.gguf': noise(1000, 2), 'README.md': Buffer.from('# card') },
}

/** A hub that holds these repositories, and empty caches. */
export async function world(repositories: Record<string, HubRepository> = { 'lab/ggufs': ggufs }, more = {}) {
  const hub = await hubServer(repositories)
  const place = caches({ HF_ENDPOINT: hub.endpoint, ...more })
  return {
    hub,
    env: place.env,
    folder: join(place.folder, 'hub'),
    async [Symbol.asyncDispose]() {
      place[Symbol.dispose]()
      await hub[Symbol.asyncDispose]()
    },
  }
}

/** What a host was asked for. */
export const asked = ({ requests }: HubServer, host: string) => requests.filter((request) => request.host === host)
