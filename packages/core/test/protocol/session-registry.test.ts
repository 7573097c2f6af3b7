import { expect, it } from 'vitest'
import type { WindowFrame } from '../../src/protocol/frames/frame.ts'
import { SessionRegistry } from '../../src/protocol/session-registry.ts'
import { shardGuards } from '../../src/protocol/shard-guards.ts'

const id = { gen: 1, session: 7, epoch: 0, seq: 0 }

function windowOf(term: number): WindowFrame {
  const ends = { start: 0, newEpoch: false, forced: 0, settled: 0, pre: 0n, post: 0n }
  return { ...id, ...ends, type: 'window', term, ids: [1], trailer: [] }
}

it('a text that a later coordinator closed stays closed, whatever an earlier one closes after it', () => {
  const registry = new SessionRegistry({
    maxSessions: 1,
    openTail: () => undefined,
    released: () => {},
    guards: shardGuards,
  })
  registry.close({ ...id, type: 'close', term: 2 })
  registry.close({ ...id, type: 'close', term: 1 })
  expect(registry.for(windowOf(2))).toEqual({ kind: 'stale' })
  expect(registry.for(windowOf(3))).toEqual({ kind: 'refused', reason: 'no-session' })
})
