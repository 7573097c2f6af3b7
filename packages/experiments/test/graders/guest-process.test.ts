import { execFileSync, spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { it, onTestFinished } from 'vitest'

interface Listed {
  readonly pid: number
  readonly parent: number
}

function guests(): Listed[] {
  return execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes('guest.mjs'))
    .map((line) => {
      const [pid, parent] = line.trim().split(/\s+/).map(Number)
      return { pid: pid ?? 0, parent: parent ?? 0 }
    })
}

async function until<Value>(what: () => Value | undefined): Promise<Value> {
  for (let waited = 0; waited < 60_000; waited += 50) {
    const value = what()
    if (value !== undefined) return value
    await sleep(50)
  }
  throw new Error('waited a minute for nothing')
}

it('a program that never ends does not outlive a judge that is killed', { timeout: 150_000 }, async () => {
  const script = `
    import { createGrader } from ${JSON.stringify(new URL('../../src/graders/index.ts', import.meta.url).href)}
    import { loadTask } from ${JSON.stringify(new URL('../../src/datasets/index.ts', import.meta.url).href)}
    const grader = createGrader({ workers: 1, wallMs: 600_000 })
    const [item] = loadTask('programs', { limit: 1 }).items
    await grader.grade(item, item.reference)
    console.log('judging')
    await grader.grade(item, '\\n  while (true) {}\\n}')`
  const judge = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let judging = false
  judge.stdout.on('data', () => {
    judging = true
  })
  const guest = await until(() => (judging ? guests().find(({ parent }) => parent === judge.pid) : undefined))
  onTestFinished(() => {
    if (guests().some(({ pid }) => pid === guest.pid)) process.kill(guest.pid, 'SIGKILL')
  })
  judge.kill('SIGKILL')
  await until(() => (guests().some(({ pid }) => pid === guest.pid) ? undefined : true))
})
