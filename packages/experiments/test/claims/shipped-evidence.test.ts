import { describe, expect, it } from 'vitest'
import { claims } from '../../src/claims/index.ts'
import { judgeClaims } from '../../src/claims/judge-claims.ts'
import { catalogNames } from '../../src/cli/locate-experiment.ts'
import { EvidenceFolder, entriesOf, evidencePath, totalBytes } from '../../src/evidence/evidence-folder.ts'

describe('claims', () => {
  it('have ids of their own, and read experiments that ship', () => {
    expect(new Set(claims.map(({ id }) => id)).size).toBe(claims.length)
    for (const claim of claims) {
      if ('untestable' in claim) continue
      for (const { experiment } of claim.readings) expect(catalogNames()).toContain(experiment)
    }
  })
})

describe('the evidence that ships', () => {
  it('is what its index says, small, and of experiments that ship', async () => {
    const evidence = await EvidenceFolder.open(evidencePath())
    await evidence.verify()
    expect(evidence.index.runs.length).toBeGreaterThan(0)
    const entries = entriesOf(evidence.index)
    expect(totalBytes(entries)).toBeLessThan(20e6)
    for (const { experiment } of entries) expect(catalogNames()).toContain(experiment)
  })

  it('decides claims: a number, its interval and its run for everything that is not "not testable here"', async () => {
    const evidence = await EvidenceFolder.open(evidencePath())
    const judged = await judgeClaims(claims, (experiment) => evidence.runOf(experiment))
    const decided = judged.flatMap(({ readings }) => readings).filter(({ verdict }) => verdict !== 'not testable here')
    expect(decided.length).toBeGreaterThan(5)
    for (const { measured, runId, conditions } of decided) {
      if (measured === null) throw new Error('decided without a number')
      const { estimate, low, high } = measured.value
      expect(low).toBeLessThanOrEqual(estimate)
      expect(high).toBeGreaterThanOrEqual(estimate)
      expect(runId).not.toBeNull()
      expect(conditions).not.toBe('')
    }
  }, 120_000)
})
