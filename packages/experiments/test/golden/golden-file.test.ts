import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readGolden } from '../../src/golden/golden-file.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'dsd-golden-'))
})
afterEach(() => rm(dir, { recursive: true }))

async function read(content: unknown) {
  const path = join(dir, 'golden.json')
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content))
  return readGolden(path)
}

it('reads logits, and refusals with what they have to name', async () => {
  const one = { inputIds: [1, 2], greedy: [3] }
  expect(await read({ cases: [one], notes: 'ours' })).toMatchObject({ cases: [one], sampleIds: [] })
  expect(await read({ expect: 'error', names: 'yarn' })).toEqual({ expect: 'error', names: ['yarn'] })
})

it.each<[string, unknown]>([
  ['not valid JSON', '{'],
  ['not a golden file: cases: ', {}],
  ['not a golden file: cases.0.inputIds: ', { cases: [{}] }],
  [
    'a position lies behind the prompt',
    { cases: [{ inputIds: [1], logitsTop: [{ position: 1, ids: [], logits: [] }] }] },
  ],
  ['one logit for each id', { cases: [{ inputIds: [1], logitsTop: [{ position: 0, ids: [4], logits: [] }] }] }],
  ['one logit for each of sampleIds', { cases: [{ inputIds: [1], logitsSample: [{ position: 0, logits: [1] }] }] }],
  ['one margin for each id', { cases: [{ inputIds: [1], greedy: [1], greedyMargins: [] }] }],
  ['names', { expect: 'error', names: 7 }],
])('refuses in one line what is none: %s', async (line, content) => {
  await expect(read(content)).rejects.toMatchObject({
    kind: 'bad-input',
    line: expect.stringMatching(new RegExp(`^\\S+golden\\.json: .*${line}.*; give a golden\\.json$`)),
  })
})

it('says that a file is not there', async () => {
  await expect(readGolden(join(dir, 'no.json'))).rejects.toThrow('the golden file cannot be read')
})
