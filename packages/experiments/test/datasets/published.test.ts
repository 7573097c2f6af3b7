import { mkdtempSync, rmSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { openTask } from '../../src/datasets/index.ts'
import { readInstalled, removeInstalled } from '../../src/datasets/published/data-folder.ts'
import { publishedDataset, publishedDatasets } from '../../src/datasets/published/index.ts'
import { addData, digestOfRows } from '../../src/datasets/published/install.ts'
import { pullData } from '../../src/datasets/published/pull.ts'
import { readRows } from '../../src/datasets/published/read-rows.ts'

const fixture = fileURLToPath(new URL('fixtures/functions.jsonl', import.meta.url))
const humaneval = publishedDataset('humaneval')
let cache = ''

beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'dsd-data-'))
  vi.stubEnv('DSD_CACHE', cache)
  vi.stubEnv('INIT_CWD', cache)
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(cache, { recursive: true, force: true })
})

const rowSchema = z.record(z.string(), z.string())
const fixtureRows = async (): Promise<Record<string, string>[]> =>
  (await readFile(fixture, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => rowSchema.parse(JSON.parse(line)))

describe('a file of a data set', () => {
  test('has one digest as JSON lines, gzipped, as a JSON list and as Parquet, whatever the order of the fields', async () => {
    const rows = await fixtureRows()
    const columns = ['test', 'task_id', 'canonical_solution', 'prompt', 'entry_point'].map((name) => ({
      name,
      data: rows.map((row) => row[name]),
      type: 'STRING' as const,
    }))
    const forms = {
      lines: await readFile(fixture),
      gzipped: gzipSync(await readFile(fixture)),
      list: new TextEncoder().encode(JSON.stringify(rows.map((row) => ({ extra: 1, ...row })))),
      parquet: new Uint8Array(parquetWriteBuffer({ columnData: columns })),
    }
    const digests = await Promise.all(
      Object.values(forms).map(async (bytes) => digestOfRows(await readRows(humaneval, { bytes, where: 'file' }))),
    )
    expect(new Set(digests).size).toBe(1)
  })

  test.each([
    ['no rows', '', /^file: holds no rows; give the file/],
    ['no JSON', '{"task_id"', /^file: line 1 is not JSON; /],
    ['another data set', '{"question":"q","answer":"#### 1"}', /^file: row 1 is none of humaneval: task_id /],
    ['a broken archive', gzipSync('x').subarray(0, 12), /^file: cannot be unzipped; /],
    ['a broken Parquet file', 'PAR1 and nothing more', /^file: cannot be read as Parquet; /],
  ])('with %s is refused in one line', async (_, content, line) => {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
    await expect(readRows(humaneval, { bytes, where: 'file' })).rejects.toMatchObject({
      kind: 'bad-input',
      line: expect.stringMatching(line),
    })
  })
})

describe('a data set on this machine', () => {
  test('that is missing says how to get it', async () => {
    for (const { name } of publishedDatasets) {
      await expect(openTask({ name })).rejects.toMatchObject({
        kind: 'environment',
        line: `${name} is not on this machine; exp data pull ${name} fetches it from the hub, exp data add ${name} <file> takes a file`,
      })
    }
  })

  test('that is not the published one is taken only when asked for, and says so wherever it goes', async () => {
    const add = (unpinned: boolean) => addData({ dataset: humaneval, file: fixture, unpinned })
    await expect(add(false)).rejects.toMatchObject({
      kind: 'bad-input',
      message: expect.stringMatching(/^is not humaneval as published: 3 rows with digest [0-9a-f]{12}, not 164 with /),
    })
    expect(await readInstalled('humaneval')).toBeUndefined()
    const { digest, published } = await add(true)
    expect(published).toBe(false)
    expect((await openTask({ name: 'humaneval' })).data).toEqual({ digest, published: false })
  })

  test('gives its items from the first one on, all unless told', async () => {
    await addData({ dataset: humaneval, file: fixture, unpinned: true })
    const all = await openTask({ name: 'humaneval' })
    expect(all.items.map(({ id, kind }) => [id, kind])).toEqual([
      ['own/0', 'python-program'],
      ['own/1', 'python-program'],
      ['own/2', 'python-program'],
    ])
    const two = await openTask({ name: 'humaneval', limit: 2 })
    expect(two.items).toEqual(all.items.slice(0, 2))
    expect(two.digest).not.toBe(all.digest)
    expect((await openTask({ name: 'humaneval', limit: 99 })).digest).toBe(all.digest)
    await expect(openTask({ name: 'humaneval', seed: 2 })).rejects.toMatchObject({ fix: 'leave the seed out' })
  })

  test('that was changed since is refused', async () => {
    await addData({ dataset: humaneval, file: fixture, unpinned: true })
    const kept = join(cache, 'data', 'humaneval', 'rows.jsonl')
    await writeFile(kept, (await readFile(kept, 'utf8')).replace('n + 1', 'n + 2'))
    await expect(openTask({ name: 'humaneval' })).rejects.toMatchObject({
      line: 'humaneval was changed since it was added; exp data rm humaneval, then add or pull it again',
    })
    expect(await removeInstalled('humaneval')).toBe(true)
    expect(await removeInstalled('humaneval')).toBe(false)
    expect(await readdir(join(cache, 'data'))).toEqual([])
  })
})

describe('the hub', () => {
  interface Asked {
    readonly url: string | undefined
    readonly authorization: string | undefined
  }

  async function serve(answer: (response: ServerResponse) => unknown) {
    const asked: Asked[] = []
    const server: Server = createServer(({ url, headers }, response) => {
      asked.push({ url, authorization: headers.authorization })
      answer(response)
    })
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    vi.stubEnv('HF_ENDPOINT', `http://127.0.0.1:${port}/`)
    return { asked, [Symbol.dispose]: () => void server.close() }
  }

  const hub = ({ status, body }: { readonly status: number; readonly body: Uint8Array | string }) =>
    serve((response) => response.writeHead(status).end(body))

  const pull = (unpinned = true) => pullData({ dataset: humaneval, unpinned, signal: new AbortController().signal })

  test('gives the file of the repository, with the token where there is one', async () => {
    using server = await hub({ status: 200, body: await readFile(fixture) })
    vi.stubEnv('HF_TOKEN', 'hf_secret')
    expect(await pull()).toMatchObject({ items: 3, published: false })
    expect(server.asked).toEqual([
      {
        url: '/datasets/openai/openai_humaneval/resolve/main/openai_humaneval/test-00000-of-00001.parquet',
        authorization: 'Bearer hf_secret',
      },
    ])
    expect((await openTask({ name: 'humaneval' })).items).toHaveLength(3)
  })

  test('that sends something else leaves nothing behind', async () => {
    using _ = await hub({ status: 200, body: await readFile(fixture) })
    await expect(pull(false)).rejects.toMatchObject({ kind: 'bad-input' })
    expect(await readInstalled('humaneval')).toBeUndefined()
  })

  /** A hub that sends the file in so many pieces, one every 250 ms; `stop` ends none of them. */
  async function slowHub({ stop = false } = {}) {
    const content = await readFile(fixture)
    return serve(async (response) => {
      response.writeHead(200)
      for (let piece = 0; piece < 6; piece++) {
        if (stop && piece === 3) return
        response.write(content.subarray((piece * content.length) / 6, ((piece + 1) * content.length) / 6))
        await sleep(250)
      }
      response.end()
    })
  }

  test('may take its time as long as it sends something', async () => {
    using _ = await slowHub()
    const signal = new AbortController().signal
    expect(await pullData({ dataset: humaneval, unpinned: true, signal, stallMs: 1000 })).toMatchObject({ items: 3 })
  })

  test('that stops sending is told from one that is not there', async () => {
    using _ = await slowHub({ stop: true })
    const signal = new AbortController().signal
    await expect(pullData({ dataset: humaneval, unpinned: true, signal, stallMs: 1000 })).rejects.toMatchObject({
      message: 'the hub sent nothing for 1000 ms',
    })
  })

  test('that refuses, or is not there, says what else to do', async () => {
    {
      using _ = await hub({ status: 404, body: 'no' })
      await expect(pull()).rejects.toMatchObject({
        kind: 'environment',
        line: expect.stringMatching(
          /parquet: the hub answers 404 Not Found; try again, or get the file another way and exp data add humaneval <file>$/,
        ),
      })
    }
    vi.stubEnv('HF_ENDPOINT', 'http://127.0.0.1:9')
    await expect(pull()).rejects.toMatchObject({ message: 'the hub cannot be reached' })
  })
})
