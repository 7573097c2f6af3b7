import { expect, it } from 'vitest'
import { openMutatedSafetensors } from './mutated-safetensors.ts'

it('refuses damaged safetensors headers in one line, whatever the damage', async () => {
  const { opened, refused, crashes } = await openMutatedSafetensors(300, 1)
  expect(crashes).toEqual([])
  // Damage to a value that any will do for goes unseen; both must occur, or nothing was tried.
  expect(opened).toBeGreaterThan(10)
  expect(refused).toBeGreaterThan(100)
})
