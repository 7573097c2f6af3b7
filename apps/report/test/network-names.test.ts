import type { Condition } from '@dsd-lab/experiments/schema'
import { expect, test } from 'vitest'
import { network } from '../src/figures/number-format.ts'

const condition: Condition = {
  id: 'n4',
  nodes: 4,
  link: { latencyMs: 20, jitterMs: 2, bandwidthMbps: 200, loss: 0 },
  compute: { kind: 'declared', baseMs: 5, perRowMs: 0.2, draftStepMs: 1 },
}
const slowDraft: Condition = { ...condition, compute: { ...condition.compute, draftStepMs: 20 } }

test('a network is named by its links, and by its machines where another has the same links', () => {
  const links = '4 nodes, 20 ms links, jitter 2 ms, 200 Mbit/s'
  expect(network(condition)).toBe(links)
  expect(network(condition, [condition, { ...slowDraft, nodes: 8 }])).toBe(links)
  expect(network(condition, [condition, slowDraft])).toBe(`${links}, a draft step 1 ms`)
})

test('one node has links too: from the coordinator and back', () => {
  expect(network({ ...condition, nodes: 1 })).toBe('1 node, 20 ms links, jitter 2 ms, 200 Mbit/s')
})
