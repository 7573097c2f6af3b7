import { mkdtempSync, rmSync } from 'node:fs'
import { copyFile, readdir, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { type HubServer, hubServer } from '../../../node-runtime/test/model-sources/hub-server.ts'
import { exp, startExp, workplace } from './exp-process.ts'
import { lockedFolder } from './locked-folder.ts'

const place = workplace()
const cwd = place.folder
const caches = mkdtempSync(join(tmpdir(), 'dsd-caches-'))
afterAll(() => {
  place[Symbol.dispose]()
  rmSync(caches, { recursive: true, force: true })
})

const fixture = fileURLToPath(
  new URL('../../../node-runtime/test/weights/gguf/fixtures/tiny-qwen2.gguf', import.meta.url),
)
const patience = 300_000
const bytes = 400_000
const ref = 'hf:lab/ggufs/small.gguf'

const hub = (): Promise<HubServer> =>
  hubServer({
    'lab/ggufs': {
      commit: 'c'.repeat(40),
      revisions: ['main'],
      files: { 'small.gguf': Buffer.alloc(bytes, 'GGUF') },
    },
  })

/** How much of the file an unfinished pull has on the disk. */
async function partialBytes(): Promise<number> {
  const blobs = join(caches, 'hub/models--lab--ggufs/blobs')
  const [name] = (await readdir(blobs).catch(() => [])).filter((one) => one.endsWith('.incomplete'))
  return name === undefined ? 0 : (await stat(join(blobs, name))).size
}

const variables = (server: HubServer): Record<string, string> => ({
  DSD_CACHE: join(caches, 'dsd'),
  HF_HUB_CACHE: join(caches, 'hub'),
  HF_ENDPOINT: server.endpoint,
})

describe('exp models', () => {
  it(
    'pull: Ctrl-C ends it with 130, the same command goes on, list knows the model, rm leaves the shared cache alone',
    async () => {
      await using server = await hub()
      const options = { cwd, env: variables(server) }
      server.storage = { cutAfter: 150_000, silent: true }
      const { child, outcome } = startExp(['models', 'pull', ref], options)
      while ((await partialBytes()) < 150_000) await sleep(50)
      child.kill('SIGINT')
      const interrupted = await outcome
      expect(interrupted.err.trimEnd().split('\n').at(-1)).toBe(
        'interrupted; finished work is kept: the same command goes on from here',
      )
      expect(interrupted.code).toBe(130)

      server.storage = {}
      const pulled = await exp(['models', 'pull', ref, '--json'], options)
      expect(JSON.parse(pulled.out)).toMatchObject({ ref, bytes, fetchedBytes: bytes - 150_000 })

      const [listed, removed] = await Promise.all([
        exp(['models', 'list'], options),
        exp(['models', 'rm', ref], options),
      ])
      expect(listed.out).toMatch(/^smollm2-135m +98\.4 MB +Apache-2\.0 {2}exp models pull smollm2-135m$/m)
      expect(listed.out).toMatch(/^hf:lab\/ggufs\/small\.gguf +400\.0 kB +in the hub's cache$/m)
      expect(removed.err).toMatch(/^hf:lab\/ggufs\/small\.gguf: is kept in the cache .*; remove it with "hf cache rm/)
      expect(removed.code).toBe(2)
    },
    patience,
  )

  it(
    'list counts converted weights, rm removes them and leaves the file',
    async () => {
      const model = join(caches, 'mine.gguf')
      await copyFile(fixture, model)
      const options = { cwd, env: { DSD_CACHE: join(caches, 'dsd'), HF_HUB_CACHE: join(caches, 'none') } }
      const golden = join(caches, 'golden.json')
      await writeFile(golden, JSON.stringify({ cases: [{ inputIds: [1, 2] }] }))
      const verified = await exp(['models', 'verify', model, '--golden', golden, '--engine', 'onnx'], options)
      expect(verified.code).toBe(0)
      expect(verified.err).toMatch(/^converting \d+% {2}\d+\.\d kB of \d+\.\d kB {2}\S+mine\.gguf, part 1 of 3$/m)
      const row = /^\S+mine\.gguf +\d+\.\d kB +(\d+\.\d kB) +a file of yours$/m
      const size = row.exec((await exp(['models', 'list'], options)).out)?.[1]
      expect(size).toMatch(/kB$/)
      const removed = await exp(['models', 'rm', model], options)
      expect(removed).toMatchObject({ code: 0, out: `${model}: removed its converted weights, ${size}\n` })
      expect((await exp(['models', 'list'], options)).out).not.toContain('mine.gguf')
      expect((await stat(model)).size).toBeGreaterThan(0)
    },
    patience,
  )

  it(
    'a cache that cannot be written: one line, in either cache',
    async () => {
      await using server = await hub()
      const locked = lockedFolder()
      try {
        const outcomes = await Promise.all(
          ['DSD_CACHE', 'HF_HUB_CACHE'].map((name) =>
            exp(['models', 'pull', ref], {
              cwd,
              env: { ...variables(server), HF_HUB_CACHE: join(caches, name), [name]: locked.folder },
            }),
          ),
        )
        for (const { err, code } of outcomes) {
          expect(err).toMatch(
            /^\S*dsd-locked-\S*: no permission to write here; choose another folder with DSD_CACHE .*\n$/,
          )
          expect(code).toBe(1)
        }
      } finally {
        locked.end()
      }
    },
    patience,
  )
})
