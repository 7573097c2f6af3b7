import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { DigestChain } from '../../src/protocol/digest.ts'

const open = new TextEncoder().encode('{"rule":{"name":"coupled"}}')
const ids = [5, 0, 70_000, 3, 3, 9, 1, 2, 8, 4, 6, 7]

const chainOf = (text: readonly number[]): DigestChain => {
  const chain = new DigestChain(open)
  for (const id of text) chain.push(id)
  return chain
}

describe('the chain of digests', () => {
  it('is SHA-256 of the digest before and the id, from the OPEN section on', () => {
    let digest = createHash('sha256').update(open).digest()
    const chain = chainOf(ids)
    for (const [position, id] of ids.entries()) {
      expect(chain.at(position)).toBe(digest.readBigUInt64LE(0))
      const word = Buffer.alloc(4)
      word.writeUInt32LE(id)
      digest = createHash('sha256').update(digest).update(word).digest()
    }
    expect(chain.at(ids.length)).toBe(digest.readBigUInt64LE(0))
    expect(chain.at(ids.length + 1)).toBeUndefined()
  })

  it('looks ahead without moving, and replaces from a position on', () => {
    const chain = chainOf(ids.slice(0, 6))
    const ahead = chain.ahead(4, [7, 7])
    expect(chain.at(6)).toBe(chainOf(ids).at(6))
    chain.replace(chain.extension(4, [7, 7]))
    expect(chain.at(6)).toBe(ahead)
    expect(chain.length).toBe(6)
    expect(chain.extension(9, [1]).post).toBeUndefined()
  })

  it('finds a common prefix from a ladder of few rungs, never one that is too long', () => {
    const long = Array.from({ length: 300 }, (_, place) => place % 7)
    const chain = chainOf(long)
    for (const split of [0, 1, 2, 150, 298, 299, 300]) {
      const other = chainOf([...long.slice(0, split), ...Array(300 - split).fill(9)])
      const ladder = other.ladder(300)
      expect(ladder.length).toBeLessThan(12)
      const common = chain.commonPrefix(ladder)
      expect(common).toBeLessThanOrEqual(split)
      expect(300 - common).toBeLessThanOrEqual(Math.max(2 * (300 - split) + 1, 0))
    }
  })

  it('differs from the first digest on when the sessions differ', () => {
    const other = new DigestChain(new TextEncoder().encode('{"rule":{"name":"strict"}}'))
    expect(other.root).not.toBe(new DigestChain(open).root)
    expect(other.commonPrefix(chainOf([]).ladder(0))).toBe(0)
    expect(other.at(0)).not.toBe(chainOf([]).at(0))
  })
})
