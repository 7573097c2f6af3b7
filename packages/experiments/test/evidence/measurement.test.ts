import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { EvidenceFolder, evidencePath } from '../../src/evidence/evidence-folder.ts'
import { unpackMeasurement } from '../../src/evidence/measurement.ts'

const shippedScorer = fileURLToPath(new URL('../../../acceptance/data/lab-pair.scorer.json', import.meta.url))

it('the scorer that ships is what the labels of the bundled pair in evidence give', async () => {
  const runs = mkdtempSync(join(tmpdir(), 'dsd-measurement-'))
  try {
    const evidence = await EvidenceFolder.open(evidencePath())
    const entry = evidence.index.measurements.find(
      ({ experiment }) => experiment === 'strict-vs-relaxed-by-token-type.ts',
    )
    if (entry === undefined) throw new Error('no measurement of the bundled pair')
    const { folder } = await unpackMeasurement({ evidence, entry, runs })
    const fitted: unknown = JSON.parse(readFileSync(folder.scorerFile, 'utf8'))
    expect(fitted).toEqual(JSON.parse(readFileSync(shippedScorer, 'utf8')))
  } finally {
    rmSync(runs, { recursive: true, force: true })
  }
}, 120_000)
