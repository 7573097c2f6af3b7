import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openWheel } from '../../src/wheels/wheel-archive.ts'

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

/** A zip file: long members deflated, short ones stored. */
function zip(members: Record<string, Buffer>): Buffer {
  const locals: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [name, content] of Object.entries(members)) {
    const method = content.length > 100 ? 8 : 0
    const data = method === 8 ? deflateRawSync(content) : content
    const shared = Buffer.alloc(26)
    shared.writeUInt16LE(method, 4)
    shared.writeUInt32LE(data.length, 14)
    shared.writeUInt32LE(content.length, 18)
    shared.writeUInt16LE(name.length, 22)
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(offset, 10)
    directory.push(Buffer.from('PK\x01\x02\x14\x00'), shared, tail, Buffer.from(name))
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), shared, Buffer.from(name), data])
    locals.push(local)
    offset += local.length
  }
  const listing = Buffer.concat(directory)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(Object.keys(members).length, 4)
  end.writeUInt16LE(Object.keys(members).length, 6)
  end.writeUInt32LE(listing.length, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...locals, listing, Buffer.from('PK\x05\x06'), end])
}
