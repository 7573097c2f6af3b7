import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openWheel } from '../../src/wheels/wheel-archive.ts'
import { zip } from './zip-bytes.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'dsd-wheel-'))
})
afterEach(() => rm(dir, { recursive: true }))

const library = Buffer.from('ELF '.repeat(1000))

describe('a wheel', () => {
  it('gives out single members, packed or not', async () => {
    const path = join(dir, 'a.whl')
    await writeFile(path, zip({ 'tensorflow/lib.so': library, 'tensorflow/c.h': Buffer.from('int f();') }))
    await using wheel = await openWheel(path)
    expect([wheel.has('tensorflow/c.h'), wheel.has('tensorflow/d.h')]).toEqual([true, false])
    await wheel.extract('tensorflow/lib.so', join(dir, 'lib.so'))
    expect(await readFile(join(dir, 'lib.so'))).toEqual(library)
    await wheel.extract('tensorflow/c.h', join(dir, 'c.h'))
    expect(await readFile(join(dir, 'c.h'), 'utf8')).toBe('int f();')
    await expect(wheel.extract('tensorflow/d.h', join(dir, 'd.h'))).rejects.toThrow('there is no tensorflow/d.h inside')
  })

  it('that is cut off is refused', async () => {
    const path = join(dir, 'a.whl')
    await writeFile(path, zip({ 'tensorflow/lib.so': library }).subarray(0, -30))
    await expect(openWheel(path)).rejects.toThrow('is not a whole wheel')
  })
})
