import { spawnSync } from 'node:child_process'
import { readlinkSync } from 'node:fs'
import { getPriority, setPriority } from 'node:os'

/** Niceness of a thread that computes in the background, where the system has nothing stronger. */
const BACKGROUND = 10

/**
 * Puts the calling thread, and the threads that it will start, behind all other work of the machine (Linux; elsewhere this would be the
 * priority of the whole process, and nothing happens). A core that only computes idle work counts as free when another thread wakes, while
 * one that computes nice work does not: two threads of a shard would share the other core.
 */
export function standBack(): void {
  if (process.platform !== 'linux') return
  setPriority(Math.max(getPriority(), BACKGROUND))
  const thread = readlinkSync('/proc/thread-self').split('/').at(-1) ?? ''
  // Part of util-linux; where it is missing the niceness stays.
  spawnSync('chrt', ['--idle', '--pid', '0', thread], { stdio: 'ignore' })
}
