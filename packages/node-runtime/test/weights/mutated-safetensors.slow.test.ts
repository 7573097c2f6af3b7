import { expect, it } from 'vitest'
import { openMutatedSafetensors } from './mutated-safetensors.ts'

it('refuses 20 000 damaged safetensors headers without a crash, a hang or a large allocation', async () => {
  const { opened, refused, crashes, slowestMs, mostBytes } = await openMutatedSafetensors(20_000, 2)
  console.log(
    `${opened} opened, ${refused} refused, slowest ${slowestMs.toFixed(0)} ms, memory +${(mostBytes / 2 ** 20).toFixed(0)} MiB`,
  )
  expect(crashes).toEqual([])
  expect(opened + refused).toBe(20_000)
  expect(slowestMs).toBeLessThan(5_000)
  expect(mostBytes).toBeLessThan(64 * 2 ** 20 + 2 ** 20)
})
