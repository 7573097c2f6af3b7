import { describe, expect, it } from 'vitest'
import { checkedKey } from '../../src/shard/checked-key.ts'

describe('the secret that a node is given', () => {
  it('is taken as it is', () => {
    expect(checkedKey('a secret of many words')).toBe('a secret of many words')
  })

  it.each([
    ['', 'DSD_KEY: is empty; give a secret of at least 16 characters, or unset it to have one made'],
    ['12345', 'DSD_KEY: has only 5 characters; give a secret of at least 16 characters, or unset it to have one made'],
  ])('is refused when it is %j', (key, line) => {
    expect(() => checkedKey(key)).toThrow(expect.objectContaining({ kind: 'bad-input', line }))
  })
})
