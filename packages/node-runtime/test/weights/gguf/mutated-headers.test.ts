import { expect, it } from 'vitest'
import { openMutatedHeaders } from './mutated-headers.ts'

it('refuses damaged headers in one line, whatever the damage', async () => {
  const { opened, refused, crashes } = await openMutatedHeaders(300, 1)
  expect(crashes).toEqual([])
  // Damage to a value that any will do for goes unseen; both must occur, or nothing was tried.
  expect(opened).toBeGreaterThan(20)
  expect(refused).toBeGreaterThan(100)
})
