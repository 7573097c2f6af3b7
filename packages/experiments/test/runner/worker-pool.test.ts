import { DsdError } from '@dsd-lab/core'
import { expect, test } from 'vitest'
import { WorkerPool } from '../../src/runner/worker-pool.ts'

const pair = { target: 'bundled:lab-target', draft: null, engine: 'tfjs-cpu', ruleModules: [] } as const
const job = { kind: 'load', pair } as const

test('a run that was interrupted before its workers started does no work', async () => {
  const reason = new DsdError('interrupted', { kind: 'interrupted' })
  await using pool = new WorkerPool({ jobs: 1, signal: AbortSignal.abort(reason), pair })
  await expect(pool.run(job)).rejects.toBe(reason)
})
