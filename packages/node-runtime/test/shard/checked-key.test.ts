import { describe, expect, it } from 'vitest'
import { checkedKey } from '../../src/shard/checked-key.ts'

describe('the secret that a node is given', () => {
  it('is taken as it is', () => {
    expect(checkedKey('a secret of many words', { of: 'new node' })).toBe('a secret of many words')
  })

  it.each([
    ['', 'DSD_KEY: is empty; give a secret of at least 16 characters, or unset it to have one made'],
    ['12345', 'DSD_KEY: has only 5 characters; give a secret of at least 16 characters, or unset it to have one made'],
  ])('is refused when it is %j', (key, line) => {
    expect(() => checkedKey(key, { of: 'new node' })).toThrow(expect.objectContaining({ kind: 'bad-input', line }))
  })

  it('is asked for as it was given to nodes that are running', () => {
    const line = 'DSD_KEY: is empty; give the secret that the nodes were started with, at least 16 characters'
    expect(() => checkedKey('', { of: 'running nodes' })).toThrow(expect.objectContaining({ kind: 'bad-input', line }))
  })
})
