import { expect, it } from 'vitest'
import { once } from '../../src/models/model-contents.ts'

it('what is made once is shared, and tried again after a failure', async () => {
  let calls = 0
  const tokenizer = once(async () => {
    calls++
    if (calls === 1) throw new Error('the disk is busy')
    return { calls }
  })
  await expect(tokenizer()).rejects.toThrow('the disk is busy')
  const [first, second] = await Promise.all([tokenizer(), tokenizer()])
  expect(first).toBe(second)
  expect(calls).toBe(2)
})
