import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { EVIDENCE_FILES } from '../../src/evidence/evidence-schema.ts'
import { packLines } from '../../src/evidence/json-lines.ts'
import { unpackRun } from '../../src/evidence/unpack-run.ts'
import { madeEvidence } from '../claims/made-evidence.ts'
import { type MadeStudy, network } from '../claims/made-study.ts'

/** Three prompts of twelve tokens; strict commits so many a round. */
const study = (tokensPerRound: number): MadeStudy => ({
  prompts: 3,
  conditions: [network(4, 20)],
  arms: [
    {
      id: 'strict',
      gamma: 4,
      lossless: true,
      answer: () => ({ rounds: Array.from({ length: 12 / tokensPerRound }, () => tokensPerRound) }),
    },
  ],
})

let runs = ''
beforeEach(() => {
  runs = mkdtempSync(join(tmpdir(), 'dsd-unpacked-'))
})
afterEach(() => rmSync(runs, { recursive: true, force: true }))

describe('an unpacked run', () => {
  const tokensPerRound = async (tokens: number): Promise<number | undefined> => {
    using made = await madeEvidence(study(tokens))
    const summary = await (await unpackRun({ ...made, runs })).summary()
    return summary.quality[0]?.tokensPerRound.estimate
  }

  it('is made anew when the evidence behind it is another', async () => {
    expect(await tokensPerRound(4)).toBe(4)
    expect(await tokensPerRound(3)).toBe(3)
  })

  it('is left as it is while the evidence is the same: it is not even opened', async () => {
    using made = await madeEvidence(study(4))
    await unpackRun({ ...made, runs })
    rmSync(join(made.evidence.path, made.entry.runId), { recursive: true })
    const folder = await unpackRun({ ...made, runs })
    expect((await folder.manifest()).runId).toBe('study-0')
  })

  it('is made anew where a folder of that name holds a summary and does not say what it was made from', async () => {
    using made = await madeEvidence(study(4))
    const folder = await unpackRun({ ...made, runs })
    rmSync(join(folder.path, 'unpacked.json'))
    writeFileSync(join(folder.path, 'manifest.json'), '{}')
    expect((await (await unpackRun({ ...made, runs })).manifest()).runId).toBe('study-0')
  })
})

describe('what can be replayed of an unpacked run', () => {
  const text = {
    task: 'sums',
    item: 'sums-0',
    sequence: 0,
    promptTokens: 5,
    maxLength: 40,
    openingBytes: 120,
    matches: '110111',
  }
  const agreedIn = async (replaced: NonNullable<Parameters<typeof madeEvidence>[1]>['replaced']) => {
    using made = await madeEvidence(study(4), { replaced: replaced ?? [] })
    const folder = await unpackRun({ ...made, runs })
    return folder.readAgreedTexts(await folder.manifest())
  }

  it('is where drafts agreed with its texts, and nothing where evidence does not tell', async () => {
    expect(await agreedIn([[EVIDENCE_FILES.agreement, await packLines([text])]])).toEqual([text])
    expect(await agreedIn([])).toEqual([])
  })

  it('is refused by line and field when it is something else', async () => {
    const broken = { ...text, matches: '012' }
    await expect(agreedIn([[EVIDENCE_FILES.agreement, await packLines([text, broken])]])).rejects.toThrow(
      /does not fit the schema: matches/,
    )
  })
})

describe('evidence that cannot be what it says', () => {
  it('is refused when the manifest is of another run', async () => {
    using made = await madeEvidence(study(4), { listedAs: 'other-1' })
    await expect(unpackRun({ ...made, runs })).rejects.toMatchObject({
      line: 'evidence/other-1/manifest.json: is of the run study-0; restore it from version control, or make it anew with exp run and exp evidence add',
    })
  })

  it('is refused by file, line and field when it does not fit the schema', async () => {
    const replaced = [[EVIDENCE_FILES.cells, await packLines([{ schema: 9 }])]] as const
    using made = await madeEvidence(study(4), { replaced })
    await expect(made.evidence.run(made.entry)).rejects.toMatchObject({
      kind: 'environment',
      line: expect.stringMatching(
        /^evidence\/study-0\/cells\.jsonl\.br:1: does not fit the schema: schema: .*; restore it/,
      ),
    })
  })

  it('is refused by name when it is no JSON', async () => {
    const replaced = [[EVIDENCE_FILES.manifest, Buffer.from('{')]] as const
    using made = await madeEvidence(study(4), { replaced })
    await expect(made.evidence.run(made.entry)).rejects.toMatchObject({
      line: expect.stringMatching(/^evidence\/study-0\/manifest\.json: is no JSON; restore it/),
    })
  })
})
