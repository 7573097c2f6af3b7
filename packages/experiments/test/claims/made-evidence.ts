import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TRACE_VERSION, type TraceEvent } from '@dsd-lab/core'
import { TaskSamples } from '../../src/claims/samples.ts'
import { EvidenceFolder } from '../../src/evidence/evidence-folder.ts'
import { EVIDENCE_FILES, type EvidenceEntry, type EvidenceFile } from '../../src/evidence/evidence-schema.ts'
import { packLines } from '../../src/evidence/json-lines.ts'
import { retimeText } from '../../src/runner/retime-text.ts'
import { textsOf } from '../../src/runner/traced-text.ts'
import { type Cell, type Condition, type Decoding, type Manifest, manifestSchema } from '../../src/store/schema.ts'

/** An answer: how many tokens each round commits, its text, whether it is right. */
export interface MadeAnswer {
  readonly rounds: readonly number[]
  readonly text?: string
  readonly correct?: boolean
}

export interface MadeArm {
  readonly id: string
  /** 0 decodes plainly. */
  readonly gamma: number
  readonly lossless: boolean
  readonly controls?: string
  /** Replayed from the plain texts instead of decoded. */
  readonly replayed?: boolean
  /** Whether a live cell of its first network gave the same ids; undefined without one. */
  readonly liveIsSame?: boolean
  /** The answer to a prompt, counted from 0; undefined leaves it out. */
  readonly answer: (prompt: number, seed: number) => MadeAnswer | undefined
}

export interface MadeStudy {
  readonly prompts: number
  readonly arms: readonly MadeArm[]
  readonly conditions: readonly Condition[]
  readonly seeds?: readonly number[]
  readonly marginPoints?: number
  /** Default: `t`, no bundled model. */
  readonly target?: string
  readonly runId?: string
}

const TASK = 'sums'

/** A network of nodes of 10 ms each, with links that neither jitter nor lose. */
export function network(nodes: number, latencyMs: number): Condition {
  return {
    id: `n${nodes}-latencyms${latencyMs}`,
    nodes,
    link: { latencyMs, jitterMs: 0, loss: 0 },
    compute: { kind: 'declared', baseMs: 10, perRowMs: 0, draftStepMs: 1 },
  }
}

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

async function contentsOf(study: MadeStudy, manifest: Manifest): Promise<Map<EvidenceFile, Uint8Array>> {
  const decoded = manifest.decodings.map((decoding) => ({ decoding, answers: answersOf(study, decoding) }))
  const traces = decoded.map(({ decoding, answers }) => ({
    decoding: decoding.id,
    events: answers.flatMap(({ item, sequence, gamma, answer }) => eventsOf({ item, sequence, gamma, answer })),
  }))
  return new Map<EvidenceFile, Uint8Array>([
    [EVIDENCE_FILES.manifest, Buffer.from(JSON.stringify(manifest))],
    [
      EVIDENCE_FILES.decodings,
      await packLines(
        decoded.map(({ decoding, answers }) => ({
          schema: 1,
          decoding,
          byPosition: { trials: [], kept: [] },
          method: study.arms.find(({ id }) => id === decoding.variant)?.replayed === true ? 'replayed' : 'decoded',
          items: answers.map(({ item, sequence, answer: { rounds, text = '', correct = true } }) => ({
            item,
            sequence,
            promptTokens: 4,
            tokens: rounds.reduce((sum, tokens) => sum + tokens, 0),
            rounds: rounds.length,
            drafted: 0,
            accepted: 0,
            relaxed: 0,
            mismatches: 0,
            correct,
            reason: '',
            prompt: '',
            text,
            pieces: [],
          })),
        })),
      ),
    ],
    [
      EVIDENCE_FILES.cells,
      await packLines(
        manifest.cells.map((cell) => {
          const condition = manifest.conditions.find(({ id }) => id === cell.condition)
          const events = traces.find(({ decoding }) => decoding === cell.decoding)?.events ?? []
          if (condition === undefined) throw new Error('no such network')
          const items = textsOf(events).map(
            (text) => retimeText({ text, condition, seed: cell.seed, hiddenSize: 8 }).item,
          )
          return { schema: 1, cell, clock: 'virtual', items }
        }),
      ),
    ],
    [EVIDENCE_FILES.traces, await packLines(traces)],
    [EVIDENCE_FILES.live, await packLines(livesOf(study, manifest))],
  ])
}

/** Live cells of two prompts each. */
function livesOf({ arms }: MadeStudy, { cells }: Manifest): unknown[] {
  return arms.flatMap(({ id, liveIsSame }) => {
    const cell = cells.find(({ variant }) => variant === id)
    if (liveIsSame === undefined || cell === undefined) return []
    const item = { tokens: 12, rounds: 3, totalMs: 1, firstTokenMs: 1, forwardBytes: 1, verdictBytes: 1 }
    const result = {
      schema: 1,
      cell,
      clock: 'live',
      items: [0, 1].map((place) => ({ item: `${TASK}/${place}`, ...item })),
      identical: liveIsSame,
      firstDifference: null,
      links: [],
      measuredCompute: { baseMs: 1, perRowMs: 0, draftStepMs: 0 },
      predictedMs: 1,
      measuredMs: 1,
    }
    return [{ result, trace: [] }]
  })
}

interface PlacedAnswer {
  readonly item: string
  readonly sequence: number
  readonly gamma: number
  readonly answer: MadeAnswer
}

function answersOf({ arms, prompts }: MadeStudy, { variant, seed }: Decoding): PlacedAnswer[] {
  const arm = arms.find(({ id }) => id === variant)
  return Array.from({ length: prompts }, (_, sequence) => sequence).flatMap((sequence) => {
    const answer = arm?.answer(sequence, seed)
    return arm === undefined || answer === undefined
      ? []
      : [{ item: `${TASK}/${sequence}`, sequence, gamma: arm.gamma, answer }]
  })
}

function eventsOf({ item, sequence, gamma, answer: { rounds } }: PlacedAnswer): TraceEvent[] {
  const events: TraceEvent[] = [{ type: 'session', version: TRACE_VERSION, item, sequence, promptTokens: 4 }]
  let position = 3
  for (const [index, tokens] of rounds.entries()) {
    events.push(
      {
        type: 'round',
        index,
        at: position,
        rows: gamma + 1,
        forced: 0,
        drafted: Array.from({ length: gamma }, () => 1),
        accepted: tokens - 1,
        next: 1,
        draftSteps: gamma,
        retries: 0,
      },
      {
        type: 'commit',
        round: index,
        position: position + 1,
        tokens: Array.from({ length: tokens }, () => 1),
        origins: Array.from({ length: tokens }, () => 'correction' as const),
      },
    )
    position += tokens
  }
  return events
}
