import { spawnSync } from 'node:child_process'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { onDisk, requireSpace } from '../../src/model-sources/disk.ts'
import { lockPull } from '../../src/model-sources/pull-lock.ts'
import { caches } from './caches.ts'

describe('a disk', () => {
  it.runIf(process.platform === 'linux')('that is full is one line', async () => {
    await expect(onDisk('/dev/full', () => writeFile('/dev/full', 'weights'))).rejects.toMatchObject({
      exitCode: 1,
      line: '/dev/full: no space left on the disk; free some space and run the same command again: it goes on from here; or choose another folder with DSD_CACHE (for what comes from the hub: HF_HUB_CACHE)',
    })
  })

  it('with too little room is noticed before anything is fetched, also for a folder that is still to be made', async () => {
    using place = caches()
    await requireSpace(join(place.folder, 'a/b'), 1000)
    await expect(requireSpace(join(place.folder, 'a/b'), 1e18)).rejects.toThrow('no space left: 1000000000.00 GB are')
  })
})

describe('the lock of a pull', () => {
  it('is held by one process, and given back', async () => {
    using place = caches()
    const locks = join(`${place.env.DSD_CACHE}`, 'models/.locks')
    {
      await using _held = await lockPull('some', place.env)
      await expect(lockPull('some', place.env)).rejects.toThrow(`process ${process.pid} is fetching it already`)
      await using _other = await lockPull('other', place.env)
      expect((await readdir(locks)).sort()).toEqual(['other.lock', 'some.lock'])
    }
    expect(await readdir(locks)).toEqual([])
  })

  it('is taken over from a process that died, and from one whose number went to another', async () => {
    using place = caches()
    const locks = join(`${place.env.DSD_CACHE}`, 'models/.locks')
    await mkdir(locks, { recursive: true })
    const { pid } = spawnSync(process.execPath, ['--version'])
    await writeFile(join(locks, 'dead.lock'), `${pid} 1`)
    await using _dead = await lockPull('dead', place.env)
    await writeFile(join(locks, 'reused.lock'), `${process.ppid} 1`)
    await using _reused = await lockPull('reused', place.env)
  })
})
