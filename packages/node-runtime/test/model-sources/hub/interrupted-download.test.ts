import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fetchBlob } from '../../../src/model-sources/hub/fetch-blob.ts'
import { pullModel } from '../../../src/model-sources/pull-model.ts'
import { sha256 } from '../hub-server.ts'
import { asked, COMMIT, gguf, world } from './hub-world.ts'

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
