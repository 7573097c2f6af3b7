import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { shippedLabels } from '../../src/importance/shipped-labels.ts'

it('each text that ships has every position once, in important or in unimportant', async () => {
  for (const labels of shippedLabels()) {
    const [task] = labels.tasks
    const texts = await labels.texts(task?.name ?? '')
    expect(texts.size).toBe(60)
    for (const { important, unimportant } of texts.values()) {
      const all = [...important, ...unimportant]
      expect(new Set(all).size).toBe(all.length)
    }
    expect((await labels.texts('another task')).size).toBe(0)
  }
})

it.each(['', '{}', '[{ "name": "x" }]'])('a file that is no record says what to do: %s', (content) => {
  const folder = mkdtempSync(join(tmpdir(), 'dsd-labels-'))
  const path = join(folder, 'labels.json')
  writeFileSync(path, content)
  expect(() => shippedLabels(path)).toThrow(
    expect.objectContaining({
      line: `${path}: is no record of measured labels; install the package anew, or measure with exp importance`,
    }),
  )
  rmSync(folder, { recursive: true })
})
