import { lstat, mkdir, readFile, readlink, stat, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { CatalogueEntry } from '../../src/model-sources/catalogue.ts'
import { fetchBlob } from '../../src/model-sources/hub/fetch-blob.ts'
import { listModels } from '../../src/model-sources/list-models.ts'
import { pullModel } from '../../src/model-sources/pull-model.ts'
import { removeModel } from '../../src/model-sources/remove-model.ts'
import { resolveModel } from '../../src/model-sources/resolve-model.ts'
import { openModel } from '../../src/models/model-source.ts'
import { randomLlama } from '../models/random-llama.ts'
import { byteTokenizer } from '../tokenizers/byte-tokenizer.ts'
import { caches, noise } from './caches.ts'
import { gitSha1, type HubRepository, type HubServer, hubServer, sha256 } from './hub-server.ts'

const COMMIT = 'a'.repeat(40)
const gguf = noise(300_000, 1)
const ggufs: HubRepository = {
  commit: COMMIT,
  revisions: ['main', 'refs/pr/1'],
  files: { 'small.gguf': gguf, 'deep/large.gguf': noise(1000, 2), 'README.md': Buffer.from('# card') },
}

/** A hub that holds these repositories, and empty caches. */
async function world(repositories: Record<string, HubRepository> = { 'lab/ggufs': ggufs }, more = {}) {
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

const asked = ({ requests }: HubServer, host: string) => requests.filter((request) => request.host === host)

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

describe('a download that does not go smoothly', () => {
  it('goes on by range where the connection was cut', async () => {
    await using there = await world()
    there.hub.storage = { cutAfter: 120_000, cuts: 2 }
    const { path, fetchedBytes } = await pullModel('hf:lab/ggufs/small.gguf', { env: there.env })
    expect((await readFile(path)).equals(gguf)).toBe(true)
    expect(fetchedBytes).toBe(300_000)
    expect(asked(there.hub, 'storage').map(({ range }) => range)).toEqual([
      'bytes=0-',
      'bytes=120000-',
      'bytes=240000-',
    ])
  })

  it('keeps what it has when it is stopped, and the next pull goes on from there', async () => {
    await using there = await world()
    const { env, hub } = there
    hub.storage = { cutAfter: 120_000, silent: true }
    const stop = new AbortController()
    const stopped = pullModel('hf:lab/ggufs/small.gguf', {
      env,
      signal: stop.signal,
      onProgress: ({ doneBytes }) => doneBytes >= 120_000 && stop.abort(new Error('enough')),
    })
    await expect(stopped).rejects.toThrow('enough')
    hub.storage = {}
    const progress: number[] = []
    const { path, fetchedBytes } = await pullModel('hf:lab/ggufs/small.gguf', {
      env,
      onProgress: ({ doneBytes }) => progress.push(doneBytes),
    })
    expect(fetchedBytes).toBe(180_000)
    expect([progress[0], progress.at(-1)]).toEqual([120_000, 300_000])
    expect((await readFile(path)).equals(gguf)).toBe(true)
  })

  it('starts over where the server knows no ranges', async () => {
    await using there = await world()
    there.hub.storage = { cutAfter: 120_000, cuts: 1, ignoresRanges: true }
    const { path } = await pullModel('hf:lab/ggufs/small.gguf', { env: there.env })
    expect((await readFile(path)).equals(gguf)).toBe(true)
  })

  it('gives a silent connection up, and one that is cut without a byte again and again', async () => {
    await using there = await world()
    const request = {
      url: `${there.hub.endpoint}/lab/ggufs/resolve/${COMMIT}/small.gguf`,
      where: 'small.gguf',
      path: join(there.folder, 'blob'),
      bytes: gguf.length,
      digest: { kind: 'sha256', hex: sha256(gguf) },
      fetch,
      signal: new AbortController().signal,
      onBytes: () => {},
      silenceMs: 150,
      pauseMs: 1,
    } as const
    await mkdir(there.folder, { recursive: true })
    there.hub.storage = { cutAfter: 1000, cuts: 1, silent: true }
    await fetchBlob(request)
    expect((await stat(request.path)).size).toBe(gguf.length)
    there.hub.storage = { cutAfter: 0 }
    await expect(fetchBlob({ ...request, path: join(there.folder, 'other') })).rejects.toMatchObject({
      line: expect.stringMatching(
        /^small\.gguf: the connection breaks at 0 B of 300\.0 kB \(.+\); run the same command/,
      ),
    })
  })

  it('throws away content that is not what the hub promised', async () => {
    await using there = await world()
    const { env, hub, folder } = there
    hub.storage = { flip: 200_000 }
    await expect(pullModel('hf:lab/ggufs/small.gguf', { env })).rejects.toMatchObject({
      exitCode: 1,
      line: expect.stringContaining(`the hub promised ${sha256(gguf)}; it was damaged on the way and is thrown away`),
    })
    const blob = join(folder, 'models--lab--ggufs/blobs', sha256(gguf))
    await expect(stat(`${blob}.incomplete`)).rejects.toThrow('ENOENT')
    hub.storage = {}
    await pullModel('hf:lab/ggufs/small.gguf', { env })
    expect((await stat(blob)).size).toBe(300_000)
  })

  it('notices a flipped byte in the cache and fetches the file again', async () => {
    await using there = await world()
    const { env } = there
    const { path } = await pullModel('hf:lab/ggufs/small.gguf', { env })
    const damaged = Buffer.from(gguf)
    damaged.writeUInt8(damaged.readUInt8(7) ^ 4, 7)
    await writeFile(path, damaged)
    const notices: string[] = []
    const again = await pullModel('hf:lab/ggufs/small.gguf', { env, onNotice: (line) => notices.push(line) })
    expect(notices).toEqual(['small.gguf: the copy in the cache does not match its sha256 and is fetched again'])
    expect(again.fetchedBytes).toBe(300_000)
    expect((await readFile(path)).equals(gguf)).toBe(true)
  })
})

describe('the token', () => {
  const closed = { 'lab/closed': { ...ggufs, token: 'hf_secret' } }

  it('opens a closed repository, and is sent to the hub alone', async () => {
    await using there = await world(closed, { HF_TOKEN: 'hf_secret' })
    await pullModel('hf:lab/closed/small.gguf', { env: there.env })
    expect(new Set(asked(there.hub, 'hub').map(({ authorization }) => authorization))).toEqual(
      new Set(['Bearer hf_secret']),
    )
    expect(asked(there.hub, 'storage').map(({ authorization }) => authorization)).toEqual([undefined])
  })

  it.each([
    [
      undefined,
      /the hub answers 401 \(Invalid username or password\.?\); check the name; if it is private or gated, set HF_TOKEN/,
    ],
    ['hf_wrong', /the hub answers 404 \(Repository not found\); check owner, name and revision/],
    ['secret', /^HF_TOKEN: it does not begin with hf_; copy it again$/],
  ])('%s does not', async (token, line) => {
    await using there = await world(closed, token === undefined ? {} : { HF_TOKEN: token })
    await expect(pullModel('hf:lab/closed/small.gguf', { env: there.env })).rejects.toMatchObject({
      line: expect.stringMatching(line),
    })
  })
})

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

describe('one line for each mistake', () => {
  const several = { commit: COMMIT, revisions: ['main'], files: { 'a.gguf': gguf, 'b.gguf': gguf } }
  const pickled = { commit: COMMIT, revisions: ['main'], files: { 'pytorch_model.bin': gguf } }
  const torn = {
    commit: COMMIT,
    revisions: ['main'],
    files: { 'model.safetensors.index.json': Buffer.from('{"weight_map": {"a": "gone.safetensors"}}') },
  }
  const escaping = { commit: COMMIT, revisions: ['main'], files: { '../../evil.gguf': gguf } }
  const repositories = {
    'lab/escaping': escaping,
    'lab/ggufs': ggufs,
    'lab/several': several,
    'lab/pickled': pickled,
    'lab/torn': torn,
  }

  it.each([
    ['hf:lab', 2, 'hf:lab: is no name of a model on the hub; write hf:owner/name, hf:owner/name@revision or'],
    ['hf:lab/ggufs@', 2, 'hf:lab/ggufs@: is no name of a model on the hub'],
    ['hf:lab/..', 2, 'hf:lab/..: is no name of a model on the hub'],
    ['hf:lab/ggufs@..%2F..%2Fx', 2, 'hf:lab/ggufs@..%2F..%2Fx: is no name of a model on the hub'],
    ['hf:lab/ggufs/../../x.gguf', 2, 'hf:lab/ggufs/../../x.gguf: is no name of a model on the hub'],
    ['hf:lab/ggufs/model.bin', 2, 'hf:lab/ggufs/model.bin: model.bin is no GGUF file'],
    ['hf:lab/missing', 1, 'hf:lab/missing: the hub answers 401 (Invalid username or password.'],
    ['hf:lab/ggufs@v9', 1, 'hf:lab/ggufs@v9: the hub answers 404 (Invalid rev id: v9); check owner, name and revision'],
    ['hf:lab/ggufs/tiny.gguf', 2, 'the repository has no tiny.gguf; name one as hf:lab/ggufs/small.gguf: small.gguf'],
    ['hf:lab/several', 2, 'the repository holds 2 GGUF files; name one as hf:lab/several/a.gguf: a.gguf, b.gguf'],
    ['hf:lab/pickled', 2, 'the repository holds no safetensors and no GGUF weights; choose a model that has them'],
    ['hf:lab/torn', 2, 'model.safetensors.index.json names gone.safetensors, which is not there'],
    [
      'hf:lab/escaping',
      1,
      'hf:lab/escaping: the hub lists a file that cannot be kept: ../../evil.gguf; tell its publisher',
    ],
    ['qwen2.5-coder-1.5', 2, 'qwen2.5-coder-1.5: there is no such model; did you mean qwen2.5-coder-1.5b?'],
    ['gpt-17', 2, 'gpt-17: there is no such model; choose one of qwen2.5-coder-1.5b, qwen2.5-coder-0.5b, smollm2-135m'],
  ])('%s', async (ref, exitCode, line) => {
    await using there = await world(repositories)
    await expect(pullModel(ref, { env: there.env })).rejects.toMatchObject({
      exitCode,
      line: expect.stringContaining(line),
    })
  })

  it('a hub that cannot be reached, an endpoint that is no address, a hub that may not be asked', async () => {
    using place = caches({ HF_ENDPOINT: await closedPort() })
    const pull = (more: NodeJS.ProcessEnv) => pullModel('hf:lab/ggufs', { env: { ...place.env, ...more } })
    await expect(pull({})).rejects.toMatchObject({
      exitCode: 1,
      line: expect.stringMatching(/^hub: cannot reach http:\/\/127\.0\.0\.1:\d+ \(ECONNREFUSED\); check the network/),
    })
    await expect(pull({ HF_ENDPOINT: 'the hub' })).rejects.toMatchObject({
      line: 'HF_ENDPOINT: the hub is no address; write it as https://host',
    })
    await expect(pull({ HF_HUB_OFFLINE: '1' })).rejects.toMatchObject({
      line: 'HF_HUB_OFFLINE: the hub may not be asked while this is set; unset it to download',
    })
  })

  it.each([
    ['smollm2-135', 'smollm2-135: there is no such model; did you mean smollm2-135m?'],
    ['smollm2-135m', 'smollm2-135m: is not on this machine yet; exp models pull smollm2-135m'],
    ['hf:lab/ggufs@v1', 'hf:lab/ggufs@v1: is not on this machine yet; exp models pull hf:lab/ggufs@v1'],
    ['hf:lab/ggufs/a.bin', 'hf:lab/ggufs/a.bin: a.bin is no GGUF file; write hf:owner/name'],
  ])('opening %s', async (ref, line) => {
    using place = caches()
    await expect(resolveModel(ref, { env: place.env })).rejects.toMatchObject({
      exitCode: 2,
      line: expect.stringContaining(line),
    })
  })

  it('only the catalogue has a mirror', async () => {
    using place = caches()
    await expect(pullModel('hf:lab/ggufs', { env: place.env, mirror: 'pip' })).rejects.toMatchObject({
      exitCode: 2,
      line: expect.stringContaining('only models of the catalogue come from a mirror; leave --mirror away'),
    })
  })
})

/** An address where nothing listens. */
async function closedPort(): Promise<string> {
  const server = createServer()
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const address = server.address()
  await new Promise((closed) => server.close(closed))
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
}
