import { describe, expect, it } from 'vitest'
import { chosenByName } from '../../src/store/chosen-by-name.ts'

const among = ['study-1a', 'study-1ab', 'other-2']
const chosen = (name: string) => chosenByName({ name, among, idOf: (id) => id, where: 'runs' })

describe('choosing by name', () => {
  it('takes the one of that id, though others begin so, else the only one that begins so', () => {
    expect(chosen('study-1a')).toBe('study-1a')
    expect(chosen('oth')).toBe('other-2')
    expect(chosen('none')).toBeUndefined()
  })

  it('asks which where several begin so', () => {
    expect(() => chosen('study')).toThrow(
      expect.objectContaining({
        message: 'several runs begin with study',
        where: 'runs',
        fix: 'choose one of study-1a, study-1ab',
      }),
    )
  })
})
