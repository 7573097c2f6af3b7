import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openModel } from '@dsd-lab/node-runtime'
import { expect, it } from 'vitest'
import { readShippedAgreement } from '../../src/advice/shipped-agreement.ts'

it('what ships was recorded with the models that ship', async () => {
  const { digests, hiddenSize } = readShippedAgreement()
  const [target, draft] = [await openModel('bundled:lab-target'), await openModel('bundled:lab-draft')]
  expect(digests).toEqual({ target: await target.digest(), draft: await draft.digest() })
  expect(hiddenSize).toBe(target.config.hiddenSize)
})

it.each(['', '{}', '{ "texts": [] }'])('a file that is no record says what to do: %s', (content) => {
  const folder = mkdtempSync(join(tmpdir(), 'dsd-agreement-'))
  const path = join(folder, 'agreement.json')
  writeFileSync(path, content)
  expect(() => readShippedAgreement(path)).toThrow(
    expect.objectContaining({
      line: `${path}: is no record of where the bundled pair agrees; install the package anew, or choose a run with --run`,
    }),
  )
  rmSync(folder, { recursive: true })
})
