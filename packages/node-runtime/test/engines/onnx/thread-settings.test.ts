import { availableParallelism } from 'node:os'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allowedCores, coresOf } from '../../../src/engines/onnx/session/allowed-cores.ts'
import { threadSettings } from '../../../src/engines/onnx/session/thread-settings.ts'

const statusOf = (list: string): string =>
  `Name:\tnode\nCpus_allowed:\tf\nCpus_allowed_list:\t${list}\nMems_allowed_list:\t0\n`

describe('the cores that a process may run on', () => {
  it('are read from the list of the system', () => {
    expect(coresOf(statusOf('0-3'))).toEqual([0, 1, 2, 3])
    expect(coresOf(statusOf('5'))).toEqual([5])
    expect(coresOf(statusOf('0,2-3,8'))).toEqual([0, 2, 3, 8])
    expect(coresOf('Name:\tnode\n')).toEqual([])
  })

  it('come back from any list', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(300), { minLength: 1, maxLength: 40 }), (cores) => {
        const ascending = cores.toSorted((a, b) => a - b)
        expect(coresOf(statusOf(ascending.join(',')))).toEqual(ascending)
      }),
    )
  })

  it.runIf(process.platform === 'linux')('are as many as this process has', () => {
    expect(allowedCores().length).toBeGreaterThanOrEqual(availableParallelism())
  })
})

describe('threads of the onnx engine', () => {
  it('have a core each only where there is one for every core', () => {
    const cores = allowedCores()
    expect(threadSettings({ DSD_THREADS: String(Math.max(1, cores.length)) }).cores).toEqual(cores.slice(1))
    expect(threadSettings({ DSD_THREADS: String(cores.length + 1) }).cores).toEqual([])
  })

  it('refuse a number of threads that is none', () => {
    for (const text of ['0', '-1', '1.5', 'many', '257']) {
      expect(() => threadSettings({ DSD_THREADS: text })).toThrow(`${text} is no number of threads`)
    }
  })
})
