import { lstat, mkdir, readFile, readlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { listModels } from '../../../src/model-sources/list-models.ts'
import { pullModel } from '../../../src/model-sources/pull-model.ts'
import { resolveModel } from '../../../src/model-sources/resolve-model.ts'
import { openModel } from '../../../src/models/model-source.ts'
import { randomLlama } from '../../models/random-llama.ts'
import { byteTokenizer } from '../../tokenizers/byte-tokenizer.ts'
import { noise } from '../caches.ts'
import { gitSha1, sha256 } from '../hub-server.ts'
import { asked, COMMIT, gguf, world } from './hub-world.ts'

describe("a model of the hub lands in the hub's own cache", () => {
  it('a folder: only what a model needs, in the layout that other programs read; it opens offline', async () => {
    await using model = await randomLlama({ files: 2 })
    const read = (name: string) => readFile(join(model.dir, name))
    const names = ['config.json', 'model.safetensors.index.json']
    const index = JSON.parse(await readFile(join(model.dir, 'model.safetensors.index.json'), 'utf8'))
    const weights = [...new Set<string>(Object.values(index.weight_map))]
    const files = Object.fromEntries(
      await Promise.all([...names, ...weights].map(async (name) => [name, await read(name)])),
    )
    const tokenizer = Buffer.from(JSON.stringify(byteTokenizer()))
    await using there = await world({
      'lab/llama': {
        commit: COMMIT,
        revisions: ['main'],
        files: {
          ...files,
          'tokenizer.json': tokenizer,
          'README.md': Buffer.from('no'),
          'pytorch_model.bin': Buffer.from('no'),
          'consolidated.safetensors': noise(100, 3),
          'onnx/config.json': Buffer.from('no'),
        },
      },
    })
    const { env, folder, hub } = there
    await expect(resolveModel('hf:lab/llama', { env })).rejects.toMatchObject({
      line: 'hf:lab/llama: is not on this machine yet; exp models pull hf:lab/llama',
    })
    const pulled = await pullModel('hf:lab/llama', { env })
    const repository = join(folder, 'models--lab--llama')
    const snapshot = join(repository, 'snapshots', COMMIT)
    expect(pulled).toMatchObject({ path: snapshot, bytes: pulled.fetchedBytes })
    expect(await readFile(join(repository, 'refs/main'), 'utf8')).toBe(COMMIT)
    expect(await readlink(join(snapshot, 'tokenizer.json'))).toBe(`../../blobs/${gitSha1(tokenizer)}`)
    const [first = ''] = weights
    expect(await readlink(join(snapshot, first))).toBe(`../../blobs/${sha256(await read(first))}`)
    const here = await Promise.all(
      ['README.md', 'pytorch_model.bin', 'consolidated.safetensors', 'onnx'].map((name) =>
        lstat(join(snapshot, name)).then(
          () => true,
          () => false,
        ),
      ),
    )
    expect(here).toEqual([false, false, false, false])
    await hub[Symbol.asyncDispose]()
    expect((await resolveModel('hf:lab/llama', { env })).path).toBe(snapshot)
    expect((await openModel(snapshot)).config.layers).toBe(3)
  })

  it('a named file, by branch, by commit, or by a revision with a slash; once for all of them', async () => {
    await using there = await world()
    const { env, hub, folder } = there
    const path = join(folder, 'models--lab--ggufs/snapshots', COMMIT, 'small.gguf')
    for (const ref of [
      'hf:lab/ggufs/small.gguf',
      `hf:lab/ggufs@${COMMIT}/small.gguf`,
      'hf:lab/ggufs@refs%2Fpr%2F1/small.gguf',
    ]) {
      expect((await pullModel(ref, { env })).path).toBe(path)
      expect((await resolveModel(ref, { env })).path).toBe(path)
    }
    expect(asked(hub, 'storage')).toHaveLength(1)
    expect((await readFile(path)).equals(gguf)).toBe(true)
    expect((await pullModel('hf:lab/ggufs/deep/large.gguf', { env })).bytes).toBe(1000)
    const listed = (await listModels({ env })).filter(({ source }) => source === 'hub')
    expect(listed).toEqual([
      { ref: 'hf:lab/ggufs/small.gguf', source: 'hub', path, bytes: 300_000, partialBytes: 0, convertedBytes: 0 },
    ])
  })

  it('what another program has downloaded is found, and completed where it is not whole', async () => {
    await using there = await world()
    const { env, hub, folder } = there
    const repository = join(folder, 'models--lab--ggufs')
    await mkdir(join(repository, 'blobs'), { recursive: true })
    await mkdir(join(repository, 'snapshots', COMMIT), { recursive: true })
    await mkdir(join(repository, 'refs'))
    await writeFile(join(repository, 'refs/main'), COMMIT)
    await writeFile(join(repository, 'blobs', `${sha256(gguf)}.incomplete`), gguf.subarray(0, 100_000))
    await pullModel('hf:lab/ggufs/small.gguf', { env })
    expect(asked(hub, 'storage').map(({ range }) => range)).toEqual(['bytes=100000-'])
    expect((await pullModel('hf:lab/ggufs/small.gguf', { env })).fetchedBytes).toBe(0)
  })
})
