import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What a sweep took, and what it left on disk. */
export interface Sweep {
  readonly cells: number
  readonly wallSeconds: number
  readonly cpuSeconds: number
  readonly megabytes: number
  readonly files: number
}

/** A sweep whose text was recorded by a smaller run before it, as a user comes to it. */
export function sweep(cells: number): Sweep {
  const folder = mkdtempSync(join(tmpdir(), 'dsd-sweep-'))
  try {
    const conditions = Math.ceil(cells / 10)
    const latencies = Array.from({ length: Math.ceil(conditions / 40) }, (_, step) => 2 + 4 * step)
    const small = { nodes: '2', latency: '20', jitter: '0', bandwidth: '200', gamma: '4' }
    const large = {
      nodes: 'sweep([2, 3, 4, 6, 8])',
      latency: `sweep(${JSON.stringify(latencies)})`,
      jitter: 'sweep([0, 1])',
      bandwidth: 'sweep([10, 50, 200, 1000])',
      gamma: 'sweep([1, 2, 3, 4, 5, 6, 8, 10, 12])',
    }
    writeFileSync(join(folder, 'recorded.ts'), studyText(small))
    writeFileSync(join(folder, 'sweep.ts'), studyText(large))
    run(folder, 'recorded.ts')
    const { wallSeconds, cpuSeconds, path } = run(folder, 'sweep.ts')
    const kibibytes = spawnSync('du', ['-sk', path], { encoding: 'utf8' }).stdout
    const files = spawnSync('find', [path, '-type', 'f'], { encoding: 'utf8' }).stdout
    return {
      cells: 10 * 40 * latencies.length,
      wallSeconds,
      cpuSeconds,
      megabytes: Number.parseInt(kibibytes, 10) / 1024,
      files: files.split('\n').length - 1,
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** As a user runs it; the shell tells the time of the processes that it waited for. */
function run(folder: string, file: string) {
  const main = fileURLToPath(new URL('../../packages/experiments/src/cli/main.ts', import.meta.url))
  const words = [process.execPath, '--import', import.meta.resolve('tsx'), main, 'run', file, '--no-report']
  const { status, stdout, stderr } = spawnSync('bash', ['-c', 'TIMEFORMAT="%R %U %S"; time "$@"', 'run', ...words], {
    cwd: folder,
    env: { ...process.env, DSD_RUNS: join(folder, 'runs'), INIT_CWD: folder },
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  const path = /^run: (.*)$/m.exec(stdout)?.[1]
  const [wall = 0, user = 0, system = 0] = (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number)
  if (status !== 0 || path === undefined) throw new Error(stderr)
  return { path, wallSeconds: wall, cpuSeconds: user + system }
}

interface StudySettings {
  readonly nodes: string
  readonly latency: string
  readonly jitter: string
  readonly bandwidth: string
  readonly gamma: string
}

function studyText({ nodes, latency, jitter, bandwidth, gamma }: StudySettings): string {
  const library = fileURLToPath(new URL('../../packages/experiments/src/index.ts', import.meta.url))
  return `import { experiment, strict, sweep, task } from '${library}'

void sweep
export default experiment({
  title: 'a sweep',
  models: { target: 'bundled:lab-target', draft: 'bundled:lab-draft' },
  tasks: [task('word-problems', { limit: 20 })],
  cluster: {
    nodes: ${nodes},
    compute: { baseMs: 10, perRowMs: 0.4 },
    link: { latencyMs: ${latency}, jitterMs: ${jitter}, bandwidthMbps: ${bandwidth} },
  },
  arms: {
    autoregressive: { decode: 'autoregressive' },
    strict: { decode: 'speculative', gamma: ${gamma}, accept: strict() },
  },
  baseline: 'strict',
})
`
}
