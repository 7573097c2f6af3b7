import { expect, it } from 'vitest'
import { networkLabel } from '../../src/cli/run-labels.ts'
import type { Condition } from '../../src/store/schema.ts'

const condition: Condition = {
  id: 'n4',
  nodes: 4,
  link: { latencyMs: 20, jitterMs: 0, bandwidthMbps: 10, loss: 0 },
  compute: { kind: 'declared', baseMs: 5, perRowMs: 0.2, draftStepMs: 1 },
}
const slower: Condition = { ...condition, compute: { ...condition.compute, draftStepMs: 20 } }
const lossy: Condition = { ...condition, link: { ...condition.link, loss: 0.01 } }

it('names a network by nodes and latency, and by what tells it from others with the same ones', () => {
  expect(networkLabel(condition)).toBe('4 nodes, 20 ms')
  expect(networkLabel(condition, [condition, { ...slower, nodes: 8 }])).toBe('4 nodes, 20 ms')
  expect(networkLabel(condition, [condition, slower])).toBe('4 nodes, 20 ms, draft 1 ms')
  expect(networkLabel(lossy, [condition, lossy])).toBe('4 nodes, 20 ms, loss 0.01')
  const unlimited: Condition = { ...condition, nodes: 1, link: { latencyMs: 20, jitterMs: 0, loss: 0 } }
  expect(networkLabel(unlimited, [unlimited, { ...condition, nodes: 1 }])).toBe('1 node, 20 ms, any bandwidth')
})
