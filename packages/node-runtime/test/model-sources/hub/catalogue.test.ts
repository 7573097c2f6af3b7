import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { CatalogueEntry } from '../../../src/model-sources/catalogue.ts'
import { listModels } from '../../../src/model-sources/list-models.ts'
import { pullModel } from '../../../src/model-sources/pull-model.ts'
import { removeModel } from '../../../src/model-sources/remove-model.ts'
import { resolveModel } from '../../../src/model-sources/resolve-model.ts'
import { sha256 } from '../hub-server.ts'
import { COMMIT, gguf, world } from './hub-world.ts'

describe('a model of the catalogue from the hub', () => {
  const entry: CatalogueEntry = {
    id: 'small-one',
    file: 'small.gguf',
    bytes: gguf.length,
    sha256: sha256(gguf),
    licence: 'MIT',
    hub: { repository: 'lab/ggufs', revision: COMMIT },
    wheels: { parts: [], bytes: 0 },
  }
  const catalogue = [entry]

  it('is found under any commit, listed, and left to the hub to remove', async () => {
    await using there = await world()
    const { env, folder } = there
    expect((await listModels({ env, catalogue }))[0]).toMatchObject({
      ref: 'small-one',
      bytes: 300_000,
      licence: 'MIT',
    })
    const repository = join(folder, 'models--lab--ggufs')
    await mkdir(join(repository, 'blobs'), { recursive: true })
    await mkdir(join(repository, 'snapshots', 'b'.repeat(40)), { recursive: true })
    await writeFile(join(repository, 'blobs', entry.sha256), gguf)
    const path = join(repository, 'snapshots', 'b'.repeat(40), 'small.gguf')
    await symlink(`../../blobs/${entry.sha256}`, path)
    expect(await resolveModel('small-one', { env, catalogue })).toMatchObject({ path, licence: 'MIT' })
    expect(await pullModel('small-one', { env, catalogue })).toMatchObject({ path, fetchedBytes: 0 })
    expect(there.hub.requests).toHaveLength(0)
    await expect(removeModel('small-one', { env, catalogue })).rejects.toMatchObject({
      line: `small-one: is kept in the cache that all programs of Hugging Face share; remove it with "hf cache rm model/lab/ggufs", or delete ${repository}`,
    })
  })

  it('is refused when the hub offers something else under its name', async () => {
    await using there = await world()
    const { env } = there
    const other = { ...entry, sha256: '0'.repeat(64) }
    await expect(pullModel('small-one', { env, catalogue: [other] })).rejects.toMatchObject({
      line: expect.stringContaining(`the hub offers a file with sha256 ${sha256(gguf)}, not 000`),
    })
  })
})
