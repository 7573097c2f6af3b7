import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { EVIDENCE_FILES } from '../../src/evidence/evidence-schema.ts'
import { madeEvidence } from '../claims/made-evidence.ts'
import { network } from '../claims/made-study.ts'

it('a run is opened once, and what was checked is what is read', async () => {
  using made = await madeEvidence({
    prompts: 2,
    conditions: [network(2, 5)],
    arms: [{ id: 'plain', gamma: 0, lossless: true, answer: () => ({ rounds: [1, 1] }) }],
  })
  const { evidence, entry } = made
  await evidence.verify()
  writeFileSync(join(evidence.path, entry.runId, EVIDENCE_FILES.cells), 'edited')
  const run = await evidence.run(entry)
  expect(run.cells).toHaveLength(1)
  expect(await evidence.run(entry)).toBe(run)
})
