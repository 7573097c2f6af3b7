import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createGrader } from '../../src/graders/index.ts'
import { experiment, task } from '../../src/index.ts'
import { makePlan } from '../../src/plan/plan.ts'
import type { JobResult } from '../../src/runner/decode/job.ts'
import { gatherFacts } from '../../src/runner/gather-facts.ts'
import { RunProgress } from '../../src/runner/progress.ts'
import { runPasses } from '../../src/runner/run-passes.ts'
import { WorkerPool } from '../../src/runner/worker-pool.ts'
import { RunFolder } from '../../src/store/run-folder.ts'
import type { DecodingResult } from '../../src/store/schema.ts'

const study = experiment({
  title: 'Two passes',
  models: { target: 'bundled:lab-target' },
  tasks: [task('word-problems', { limit: 2 }), task('programs', { limit: 2 })],
  cluster: { nodes: 1, compute: { baseMs: 10, perRowMs: 0.4 }, link: { latencyMs: 20 } },
  arms: { plain: { decode: 'autoregressive' } },
  baseline: 'plain',
})

/** Its jobs take as long as nobody ends them. */
class EndlessPool extends WorkerPool {
  running = 0
  readonly #ends: ((reason: unknown) => void)[] = []
  #begin: () => void = () => {}
  readonly begun = new Promise<void>((begin) => {
    this.#begin = begin
  })

  override run(): Promise<JobResult> {
    this.running++
    this.#begin()
    return new Promise<JobResult>((_, reject) => this.#ends.push(reject)).finally(() => this.running--)
  }

  override abort(reason: unknown): void {
    super.abort(reason)
    for (const end of this.#ends.splice(0)) end(reason)
  }
}

test('a pass that cannot begin ends those that have begun, before the run is given up', {
  timeout: 120_000,
}, async () => {
  const setting = await gatherFacts('study.ts', study)
  const plan = makePlan(study, setting.facts)
  const path = await mkdtemp(join(tmpdir(), 'dsd-passes-'))
  const pair = { target: setting.target.ref, draft: null, engine: setting.engine, ruleModules: [] }
  await using pool = new EndlessPool({ jobs: 1, signal: new AbortController().signal, pair })
  await using grader = createGrader()
  const trouble = new Error('the disk does not answer')
  const [, second] = plan.decodings
  const folder = new (class extends RunFolder {
    override async readDecoding(id: string): Promise<DecodingResult | undefined> {
      if (id !== second?.id) return undefined
      await pool.begun
      throw trouble
    }
  })(path)
  const items = new Map(setting.tasks.map(({ name }) => [name, 2]))
  const progress = new RunProgress({ plan, hiddenSize: 1, items, changed: () => {} })
  await expect(runPasses({ plan, setting, folder, pool, grader, progress })).rejects.toBe(trouble)
  expect(pool.running).toBe(0)
  await rm(path, { recursive: true })
})
