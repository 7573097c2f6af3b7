import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TaskSamples } from '../../src/claims/samples.ts'
import { EvidenceFolder } from '../../src/evidence/evidence-folder.ts'
import type { EvidenceEntry, EvidenceFile } from '../../src/evidence/evidence-schema.ts'
import { type Cell, type Decoding, type Manifest, manifestSchema } from '../../src/store/schema.ts'
import { contentsOf } from './made-contents.ts'
import { type MadeStudy, TASK } from './made-study.ts'

export interface MadeEvidence extends Disposable {
  readonly evidence: EvidenceFolder
  readonly entry: EvidenceEntry
}

/**
 * Evidence of one study with one task `sums`, in a folder that goes when it is disposed of. `listedAs` is another id in the index than in
 * the manifest, `replaced` other contents of its files.
 */
export async function madeEvidence(
  study: MadeStudy,
  { listedAs, replaced = [] }: { readonly listedAs?: string; readonly replaced?: readonly MadeFile[] } = {},
): Promise<MadeEvidence> {
  const path = mkdtempSync(join(tmpdir(), 'dsd-evidence-'))
  const manifest = manifestOf(study)
  const { runId, file: experiment, title } = manifest
  const entry = await (await EvidenceFolder.open(path)).add(
    { runId: listedAs ?? runId, experiment, title, marginPoints: study.marginPoints ?? 2 },
    new Map([...(await contentsOf(study, manifest)), ...replaced]),
  )
  return {
    entry,
    evidence: await EvidenceFolder.open(path),
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  }
}

type MadeFile = readonly [EvidenceFile, Uint8Array]

/** The task of such a study as claims read it. */
export async function madeSamples(study: MadeStudy): Promise<TaskSamples> {
  using made = await madeEvidence(study)
  const run = await made.evidence.run(made.entry)
  // Read while the folder is there.
  await run.traces()
  await run.lives()
  return new TaskSamples(run, TASK)
}

function manifestOf({ arms, conditions, prompts, seeds = [1], target = 't', runId = 'study-0' }: MadeStudy): Manifest {
  const decodings = arms.flatMap(({ id }) =>
    seeds.map((seed): Decoding => ({ id: `${id}-${seed}`, variant: id, task: TASK, seed })),
  )
  return manifestSchema.parse({
    schema: 1,
    runId,
    title: 'A study',
    createdAt: '2026-01-01T00:00:00.000Z',
    file: 'study.ts',
    experimentDigest: '0',
    experiment: {},
    baseline: 'strict',
    variants: arms.map(({ id, gamma, lossless, controls }) => ({
      id,
      arm: id,
      label: id,
      decode: gamma === 0 ? 'autoregressive' : 'speculative',
      gamma,
      accept: null,
      lossless,
      parameters: {},
      ...(controls === undefined ? {} : { controls }),
    })),
    conditions,
    decodings,
    cells: decodings.flatMap(({ id, variant, task, seed }) =>
      conditions.map(
        (condition): Cell => ({
          id: `${id}-${condition.id}`,
          variant,
          task,
          seed,
          condition: condition.id,
          decoding: id,
        }),
      ),
    ),
    live: [],
    seeds,
    sampling: { temperature: 0 },
    tasks: [{ name: TASK, digest: '0', items: prompts }],
    models: { target: { ref: target, digest: '0', parameters: 1, layers: 8, hiddenSize: 8, bytes: 1 }, draft: null },
    engine: { name: 'tfjs-wasm', version: '0', rowInvariant: true, note: '' },
    versions: {},
    git: null,
    machine: { platform: '', cpu: '', cores: 1, memoryMb: 1 },
  })
}
